"""Where students' code runs: a kernel of its own, forked in half a second, in a sandbox, with a warden inside.

`zygote` has the libraries loaded and forks a process for each submission; `sandbox` takes away from that process what it
may not see or use; `warden` judges answers from a thread that was there before the student's first line, and `integrity`
tells it what that code has changed. `provisioner` is how jupyter_client starts such a kernel. Nothing but JSON comes out.
"""
