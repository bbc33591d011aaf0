# SPDX-License-Identifier: GPL-2.0
"""Small made-up repositories, on which scripts/selftest tries the scripts."""

import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parent
# Remove what a calling make has set.
CLEAN = {name: value for name, value in os.environ.items()
         if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "V", "SERIES_CHECKS")}
MAINTAINERS = """Maintainers List
----------------

ALPHA
F:	a/

OMEGA
F:	o/

THE REST
F:	*
"""
# A kernel whose configuration and objects consist of their inputs
SOURCE = {
    "Makefile": """.PHONY: olddefconfig arch/arm64/kvm/
olddefconfig:
vmlinux: $(O)/vmlinux
$(O)/vmlinux:
	@cat noise; echo > $@
arch/arm64/kvm/:
	@cd $@; grep -rh arning: .; find * -type d -exec mkdir -p $(O)/$@{} ';'; \\
		for file in *.c */*.c; do cp $$file $(O)/$@$${file%c}o; done
""",
    "noise": "a.c:1: Warning: b\n",
    "scripts/kconfig/merge_config.sh": """#!/bin/sh
echo "Value requested for CONFIG_A not in final .config"
shift 3; dir=$1; shift; cat "$@" >"$dir/new"; mv "$dir/new" "$dir/.config"; grep WARNING: "$dir/.config" || :
""",
    "scripts/diffconfig.sh": "#!/bin/sh\ndiff -U 0 $1 $2 | sed -n 's/^+CONFIG_/+/p'\n",
    "arch/arm64/kvm/arch_timer.c": "timer\n",
    "arch/arm64/kvm/vgic/vgic.c": "vgic\n"}
EDIT = """--- a/arch/arm/Kbuild
+++ b/arch/arm/Kbuild
@@ -1,3 +1,4 @@
 one
 two
+two and a half
 three
"""


class Repository(unittest.TestCase):
    """A repository like this one, and a kernel source, with a few lines in each file."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name)
        self.tree = self.root / "build/linux"
        self.write("base/Kconfig", "mainmenu\n")
        self.write("base/MAINTAINERS", MAINTAINERS)
        self.write("base/arch/arm/Kbuild", "one\ntwo\nthree\n")
        for path, text in SOURCE.items():
            self.write(f"base/{path}", text, 0o755 if path.endswith(".sh") else 0o644)
        with tarfile.open(self.root / "base.tar.xz", "w:xz") as tar:
            tar.add(self.root / "base", "base")
        self.write("Kconfig", "# head\n#\n\nours\n# and a comment\n")
        self.write("MAINTAINERS", "MINE\nF:	m/\n")
        self.write("arch/arm/kvm/main.c", "1\n")
        self.write("arch/arm/kvm/mmu.c", "2\n")
        self.write("edits/arch-arm-Kbuild.patch", EDIT)

    def write(self, path, text, mode=0o644):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def run_command(self, *command):
        return subprocess.run(command, cwd=self.root, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=self.environment())

    def run_script(self, *command):
        return self.run_command(SCRIPTS / command[0], *command[1:])

    def python(self, name, code):
        """Run code that knows a script by its name. Return what it prints."""
        head = f"import pathlib, sys\nsys.path.insert(0, {str(SCRIPTS)!r})\n" \
            f"from load import load\n{name} = load({name.replace('_', '-')!r})\n"
        return self.run_command(sys.executable, "-c", head + code).stdout.strip()

    def environment(self):
        return {**CLEAN, "LINUX_SOURCE": str(self.root / "base.tar.xz"), "HOME": str(self.root),
                "PATH": f"{self.root}/bin:{os.environ['PATH']}"}

    def prepare(self):
        return self.run_script("prepare")

    def read(self, path):
        return (self.tree / path).read_text()


class SeriesRepository(Repository):
    """Add a change of three patches."""

    def setUp(self):
        super().setUp()
        self.write("arch/arm/kvm/Makefile", "all\n# test\ntest\n# end\n")
        self.write("arch/arm/kvm/mmu_test.c", "3\n")
        self.write("series/01-code.txt", "Subject: Code\nFiles: arch/arm/kvm/m*n.c\n"
                   "Files: arch/arm/kvm/mmu.c\nFiles: arch/arm/kvm/Makefile\n"
                   "Files: arch/arm/Kbuild\n\nWhy.\n")
        self.write("series/02-test.txt", "Subject: Test\nFiles: arch/arm/kvm/*_test.c\n"
                   "Part: arch/arm/kvm/Makefile /^# test/ until /^# end/\n\nWhy.\n")
        self.write("series/03-rest.txt", "Subject: Rest\nFiles: Kconfig\nFiles: MAINTAINERS\n"
                   "\nWhy.\n")
        self.write("series/cover.txt", "Subject: Cover\nTo: list@localhost\n\n@base@\n")
        self.write("series/postings", "v1\n")
        self.git("init", "-q")
        self.git("add", "-A", "arch", "edits", "series", "Kconfig", "MAINTAINERS")
        self.git("commit", "-q", "-m", "all")
        self.first = self.git("rev-parse", "HEAD").strip()
        self.prepare()

    def git(self, *command):
        return subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@localhost",
                               *command], cwd=self.root, text=True, check=True,
                              stdout=subprocess.PIPE).stdout

    def refused(self, *words):
        for arguments in (["--check"], []):
            run = self.run_script("series", *arguments)
            self.assertNotEqual(run.returncode, 0)
            for word in words:
                self.assertIn(word, run.stdout)

    def replace(self, path, old, new):
        text = (self.root / path).read_text()
        self.assertIn(old, text)
        self.write(path, text.replace(old, new))

    def patches(self, version=1):
        run = self.run_script("series")
        self.assertEqual(run.returncode, 0, run.stdout)
        return sorted((self.root / f"build/series/v{version}").glob("*.patch"))
