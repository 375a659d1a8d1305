"""What every image with a shell has of files, and which tools BusyBox' and Debian's do not have.

Upstream: BusyBox, Debian's base files. Left out: most of them.
"""

from __future__ import annotations

BUSYBOX_LACKS = ("bash", "curl", "ssh", "help", "column", "crictl")
DEBIAN_LACKS = (
    "ash",
    "httpd",
    "killall",
    "nc",
    "nslookup",
    "ping",
    "ps",
    "ssh",
    "telnet",
    "vi",
    "wget",
    "watch",
    "help",
    "less",
    "column",
    "crictl",
    "top",
    "free",
)
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

PASSWD = "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n"
GROUP = "root:x:0:\ndaemon:x:1:\nnogroup:x:65534:\n"
ETC = {"/etc/passwd": PASSWD, "/etc/group": GROUP}
