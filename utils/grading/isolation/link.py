"""The grader's end of the warden's socket."""

import asyncio
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field

__all__ = ["Answer", "WardenLink"]

LONGEST_LINE = 1 << 20


@dataclass
class Answer:
    """What came back on one request.

    Attributes
    ----------
    body : dict or None
        The signed message.
    ended : int or None
        How the judging process ended, by os.wait's status.
    forged : list of str
        The beginnings of lines that nobody signed.
    """

    body: dict | None = None
    ended: int | None = None
    forged: list[str] = field(default_factory=list)


class WardenLink:
    """Asks for verdicts, and takes none that is not signed."""

    def __init__(self, connection):
        self._connection, self._key, self._rest = connection, secrets.token_bytes(32), b""

    async def hand_over_key(self) -> None:
        """Give the warden its key; to be called before any student's code runs."""
        await self._send(self._key.hex())

    async def judge(self, number: int, *, seed: int, class_seed: int, seconds: float) -> Answer:
        """Have an exercise judged.

        Parameters
        ----------
        number : int
        seed : int
        class_seed : int
            Criteria that fail are looked at once more with this one.
        seconds : float
            After which the answer is interrupted; its process is killed some time after that.
        """
        nonce, patience = secrets.token_hex(16), int(2 * seconds) + 30
        await self._send(f"J{patience} {number} {seed} {class_seed} {seconds} {nonce}")
        return await self._answer(nonce, patience + 30, until="ended")

    async def tell(self, number: int, verdict: list) -> None:
        """Have the kernel show a verdict when it is asked for it."""
        nonce = secrets.token_hex(16)
        await self._send(f"T{json.dumps([number, verdict, nonce])}")
        await self._answer(nonce, 10, until="told")  # or the cell might ask before

    async def notes(self) -> list:
        """Return what the watch has noticed."""
        nonce = secrets.token_hex(16)
        await self._send(f"N{nonce}")
        answer = await self._answer(nonce, 10, until="notes")
        return (answer.body or {}).get("notes", [])

    async def _send(self, line: str) -> None:
        await asyncio.get_running_loop().sock_sendall(self._connection, line.encode() + b"\n")

    async def _answer(self, nonce: str, patience: float, *, until: str) -> Answer:
        answer = Answer()
        deadline = asyncio.get_running_loop().time() + patience
        while True:
            left = deadline - asyncio.get_running_loop().time()
            try:
                line = await asyncio.wait_for(self._line(), left)
            except (TimeoutError, OSError):
                return answer
            if line is None:
                return answer
            body = self._open(line)
            if body is None or body.get("nonce") != nonce:
                answer.forged = [*answer.forged, line[:200].decode(errors="replace")][:5]
            elif until == "ended" and "ended" in body:
                answer.ended = body["ended"]
                return answer
            else:
                answer.body = body
                if until in body:
                    return answer

    async def _line(self) -> bytes | None:
        while b"\n" not in self._rest and len(self._rest) < LONGEST_LINE:
            received = await asyncio.get_running_loop().sock_recv(self._connection, 1 << 16)
            if not received:
                return None
            self._rest += received
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _open(self, line: bytes) -> dict | None:
        signature, _, text = line.partition(b" ")
        wanted = hashlib.blake2b(text, key=self._key).hexdigest().encode()
        if not hmac.compare_digest(signature, wanted):
            return None
        return json.loads(text)
