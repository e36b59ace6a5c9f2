"""The figures' numbers against the networks themselves."""

import pytest
import torch
from torch import nn
from torchvision.models import efficientnet_b0, resnet18
from torchvision.models.efficientnet import MBConv

from figs import networks
from figs.networks import CENTRE_CHANNELS, DECODER, EFFICIENTNET_B0, ENCODER, IMAGENET_SIDE, SIDE


@pytest.fixture(scope="module")
def model() -> nn.Module:
    with torch.random.fork_rng():
        return efficientnet_b0(weights=None).eval()


def parameters(*modules: nn.Module) -> int:
    return sum(parameter.numel() for module in modules for parameter in module.parameters())


def double_conv(inside: int, outside: int) -> nn.Module:
    first, second = nn.Conv2d(inside, outside, 3), nn.Conv2d(outside, outside, 3)
    return nn.Sequential(first, nn.BatchNorm2d(outside), second, nn.BatchNorm2d(outside))


@pytest.mark.parametrize("side", [SIDE, IMAGENET_SIDE])
def test_channels_and_sizes_are_those_of_torchvision(model, side):
    maps = torch.zeros(1, 3, side, side)
    for index, (layer, stage) in enumerate(zip(model.features, EFFICIENTNET_B0, strict=True)):
        with torch.no_grad():
            maps = layer(maps)
        reached = networks.side_after(index, side)
        assert maps.shape == (1, stage.channels, reached, reached)


def test_blocks_kernels_strides_and_repeats_are_those_of_torchvision(model):
    for layer, stage in zip(model.features, EFFICIENTNET_B0, strict=True):
        blocks = [block for block in layer if isinstance(block, MBConv)]
        assert len(blocks) == (0 if stage.expansion is None else stage.repeats)
        convolutions = [part for part in (blocks or [layer])[0].modules() if isinstance(part, nn.Conv2d)]
        spatial = convolutions[0] if not blocks else next(part for part in convolutions if part.groups > 1)
        assert spatial.kernel_size == (stage.kernel, stage.kernel)
        assert spatial.stride == (stage.stride, stage.stride)
        if blocks:
            assert spatial.out_channels == stage.expansion * convolutions_in(blocks[0])


def convolutions_in(block: nn.Module) -> int:
    return next(part for part in block.modules() if isinstance(part, nn.Conv2d)).in_channels


def test_encoder_levels_follow_each_other_and_leave_out_only_the_last_stage():
    covered = [index for level in ENCODER for index in range(level.first, level.last + 1)]
    assert covered == list(range(len(EFFICIENTNET_B0) - 1))
    assert [(level.name, level.channels, level.features) for level in ENCODER] == [
        ("inc", 16, "features[0:2]"),
        ("down1", 24, "features[2]"),
        ("down2", 40, "features[3]"),
        ("down3", 80, "features[4]"),
        ("down4", 320, "features[5:8]"),
    ]


def test_decoder_steps_are_those_of_exercise_11():
    expected = [(512, 80, 80), (80, 40, 40), (40, 24, 24), (24, 16, 16)]
    assert [(step.below, step.skip, step.out) for step in DECODER] == expected
    assert [step.name for step in DECODER] == ["up1", "up2", "up3", "up4"]


def test_classifier_is_that_of_torchvision(model):
    linear = model.classifier[-1]
    assert (linear.in_features, linear.out_features) == (networks.FEATURE_CHANNELS, networks.IMAGENET_CLASSES)


def test_parameters_are_counted_from_the_layers(model):
    encoder = parameters(model.features[: ENCODER[-1].last + 1])
    decoder = parameters(double_conv(ENCODER[-1].channels, CENTRE_CHANNELS), nn.Conv2d(DECODER[-1].out, 1, 1))
    for step in DECODER:
        decoder += parameters(nn.ConvTranspose2d(step.below, step.skip, 2, 2), double_conv(2 * step.skip, step.out))
    assert {"encoder": encoder, "decoder": decoder} == networks.PARAMETERS
    assert networks.millions("encoder") == "3.6 million"


def test_unet_doubles_its_channels_four_times():
    assert networks.UNET_WIDTHS == (64, 128, 256, 512, 1024)


def test_resnet18_is_that_of_torchvision():
    with torch.random.fork_rng():
        model = resnet18(weights=None).eval()
    maps = torch.zeros(1, 3, 224, 224)
    for part in networks.RESNET18:
        modules = [model.get_submodule(name) for name in part.name.split(", ")]
        assert sum(parameters(module) for module in modules) == part.parameters
        with torch.no_grad():
            for module in modules:
                maps = module(maps)
        assert maps.shape == (1, part.channels, 224 // part.stride, 224 // part.stride)
        if part is networks.RESNET18[0]:
            maps = model.maxpool(maps)
    assert model.fc.in_features == networks.RESNET18[-1].channels
