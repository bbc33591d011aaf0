# SPDX-License-Identifier: GPL-2.0
"""Tests of scripts/series and scripts/check-series: part of scripts/selftest."""

import re
import subprocess

from testrepo import SCRIPTS, SeriesRepository


class Series(SeriesRepository):
    def test_result(self):
        cover, *patches = self.patches()
        self.assertEqual(cover.name, "0000-cover-letter.patch")
        self.assertIn("Subject: [PATCH 0/3] Cover", cover.read_text())
        base = self.root / "base"
        for patch in patches:
            subprocess.run(["patch", "-p1", "-s", "-F0", "-i", patch], cwd=base, check=True)
            self.assertIn("Signed-off-by: A <a@localhost>", patch.read_text())
            if patch.name.startswith("0001"):
                self.assertEqual((base / "arch/arm/kvm/Makefile").read_text(), "all\n# end\n")
        for path in ("Kconfig", "MAINTAINERS", "arch/arm/Kbuild", "arch/arm/kvm/main.c",
                     "arch/arm/kvm/Makefile", "arch/arm/kvm/mmu_test.c"):
            self.assertEqual((base / path).read_text(), self.read(path), path)

    def test_repeats(self):
        first = [patch.read_bytes() for patch in self.patches()]
        self.assertEqual(first, [patch.read_bytes() for patch in self.patches()])

    def test_next_version(self):
        self.write("series/postings", f"v1 {self.first}\nv2\n  - a change\n")
        self.write("arch/arm/kvm/main.c", "other\n")
        cover = self.patches(2)[0]
        self.assertEqual(cover.name, "v2-0000-cover-letter.patch")
        text = cover.read_text()
        self.assertRegex(text, r"(?s)PATCH v2 0/3.*Changes since v1:\n\n  - a change\n.*"
                               r"Range-diff against v1:\n\n1:  \w+ [!<].*\n.*2:  \w+ = 2: ")

    def test_uncommitted(self):
        self.assertNotIn("not committed", self.run_script("series").stdout)
        self.write("arch/arm/kvm/main.c", "other\n")
        self.write("series/old/notes", "new\n")
        self.assertIn("not committed: arch/arm/kvm/main.c series/old/notes\n",
                      self.run_script("series").stdout)

    def test_previous_that_cannot_be_made(self):
        self.git("rm", "-q", "-r", "--cached", "series")
        self.git("commit", "-q", "-a", "-m", "no series")
        self.write("series/postings", "v1 " + self.git("rev-parse", "HEAD") + "v2\n")
        run = self.run_script("series")
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn("no range-diff against v1: there is no series/NN-name.txt", run.stdout)
        cover = next((self.root / "build/series/v2").glob("*0000-*")).read_text()
        self.assertNotIn("Range-diff", cover)

    def test_two_series(self):
        ids = set()
        self.write("series/cover-more.txt", "Subject: More\nFirst: 03-rest\nCc: b@localhost\n\n"
                   "@patch_rest@\n")
        for cover in (self.patches()[0], self.root / "build/series/v1/more/0000-cover-letter.patch"):
            ids.add(re.search(r"(?im)^Message-Id: .*", cover.read_text())[0])
        self.assertEqual(len(ids), 2)
        self.assertIn("Subject: [PATCH 0/2] Cover", self.patches()[0].read_text())
        self.assertRegex(cover.read_text(), r"(?s)\[PATCH 0/1\] More.*\nCc: b@localhost\n\n1\n")
        self.assertEqual(self.python("check_series", APPLY % "**/000[1-9]*"), "")
        self.write("series/cover.txt", "Subject: Cover\n\n@patch_rest@\n")
        self.assertIn("@patch_rest@ is no figure of this series", self.run_script("series").stdout)
        self.write("series/cover-more.txt", "Subject: More\nFirst: 04-rest\n\n0\n")
        self.refused('no series begins at "04-rest"')

    def test_file_without_patch(self):
        self.write("arch/arm/kvm/new.c", "new\n")
        self.refused("arch/arm/kvm/new.c belongs to no patch")

    def test_file_of_two_patches(self):
        self.replace("series/03-rest.txt", "Files: Kconfig", "Files: Kconfig\nFiles: arch/arm/kvm/m*.c")
        self.refused("arch/arm/kvm/mmu.c belongs to 2 patches: 01-code and 03-rest")

    def test_patch_without_file(self):
        (self.root / "arch/arm/kvm/mmu_test.c").unlink()
        self.refused("02-test: arch/arm/kvm/*_test.c is no file of the change")

    def test_part_that_replaces(self):
        self.replace("series/02-test.txt", "until /^# end/", 'until /^# end/ was "# base"')
        self.assertRegex(self.patches()[1].read_text(), r"\n\+# base\n \+?# end|\n\+# base\n\+# end\n")
        self.assertRegex(self.patches()[2].read_text(), r"\n-# base\n\+# test")

    def test_part_before_its_file(self):
        self.replace("series/02-test.txt", "arch/arm/kvm/Makefile", "MAINTAINERS")
        self.refused("02-test: MAINTAINERS is not in an earlier patch")

    def test_part_that_is_not_there(self):
        self.replace("series/02-test.txt", "/^# test/", "/^# tests/")
        run = self.run_script("series")
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("0 lines match /^# tests/", run.stdout)

    def test_style(self):
        self.replace("series/01-code.txt", "Why.", "Why, " * 15 + "really.")
        self.replace("series/02-test.txt", "Subject: Test", "Subject: " + "Test" * 20)
        self.refused("01-code: more than 72 columns", "02-test: the subject has 80 characters")

    def test_versions(self):
        self.write("series/postings", "v1\nv2\n")
        self.refused("all versions but the last have a commit")
        self.write("series/postings", "v2\n")
        self.refused("not 1, 2")

    def test_figures(self):
        self.write("series/cover.txt", "Subject: Cover\nTo: list@localhost\n\n" +
                   "wo " * 23 + "@rows@ rows\n\n    as it\n    is\n")
        self.assertIn("wo " * 23 + "0\nrows\n\n    as it\n    is\n",
                      self.patches()[0].read_text())


APPLY = """
found = check_series.prepare_base()
for patch in sorted(pathlib.Path("build/series/v1").glob("%s")):
    found += check_series.am(patch)
print(*found, *check_series.same_tree(), sep="\\n")
"""
THREE_WAY = """From: A <a@localhost>
Date: Thu, 1 Jan 1970 00:00:00 +0000
Subject: Made for an earlier state

diff --git a/arch/arm/Kbuild b/arch/arm/Kbuild
index %s..0000000 100644
--- a/arch/arm/Kbuild
+++ b/arch/arm/Kbuild
@@ -1,3 +1,3 @@
-one
+uno
 two
 three
"""


class Apply(SeriesRepository):
    """Test check-series with patches that differ slightly from this tree's."""

    def setUp(self):
        super().setUp()
        self.code = self.patches()[1]

    def apply(self):
        return self.python("check_series", APPLY % "000[1-9]*")

    def test_good(self):
        self.assertEqual(self.apply(), "")

    def test_fuzz(self):
        self.replace(self.code, "\n two\n", "\n deux\n")
        self.assertIn("patch failed: arch/arm/Kbuild", self.apply())

    def test_offset(self):
        self.replace(self.code, "@@ -1,3 +1,4 @@", "@@ -2,3 +2,4 @@")
        self.assertRegex(self.apply(), "^Hunk #1 succeeded at 1 .*offset -1 line")

    def test_three_way(self):
        self.write(".gitconfig", "[am]\n\tthreeWay = true\n")
        blob = self.git("hash-object", "base/arch/arm/Kbuild").strip()
        self.write("build/series/v1/0004-earlier.patch", THREE_WAY % blob)
        self.assertIn("patch failed: arch/arm/Kbuild", self.apply())

    def test_other_end(self):
        self.replace(self.code, "+two and a half", "+two and a third")
        self.assertIn("arch/arm/Kbuild differ", self.apply())

    def test_missing_file(self):
        self.write("build/linux/new", "new\n")
        self.assertIn("Only in build/linux: new", self.apply())

    def test_mode(self):
        (self.tree / "arch/arm/Kbuild").chmod(0o755)
        self.assertIn("arch/arm/Kbuild: executable in one of the trees only", self.apply())


ARM64 = """
check_series.ARM64_CHANGED = {"vgic/vgic.o"}
check_series.prepare_base()
for path, text in %r.items():
    (check_series.LINUX / "arch/arm64/kvm" / path).write_text(text)
check_series.git("commit", "-q", "-a", "--allow-empty", "-m", "end")
print(*check_series.arm64(), sep="\\n")
assert check_series.git("rev-parse", "HEAD") == check_series.git("rev-parse", "series")
"""

# Four patches of a series, of which the first two change a kernel without KVM
QUICK = """
class Builds:
    reference = list
    size = str
    def after_patch(self, without):
        return ["without"] * without
subjects = *sorted(check_series.CHANGE_OFF), "Another", "The last"
patches = [pathlib.Path(f"{number}.patch") for number in range(4)]
for patch, subject in zip(patches, subjects):
    patch.write_text(f"Subject: [PATCH] {subject}\\n\\n")
check_series.make_series = lambda: patches
check_series.prepare_base = check_series.sections = list
check_series.am = check_series.checkpatch = lambda patch: []
check_series.is_offered = lambda: False
check_series.Builds, check_series.FINAL = Builds, ()
sys.argv[1:] = ["quick"]
check_series.main()
"""


class Builds(SeriesRepository):
    """Test check-series with kernels that are slightly wrong."""

    def setUp(self):
        super().setUp()
        self.write("host/host.config", "CONFIG_A=y\n# CONFIG_B is not set\n")
        self.write("series/config/kvm-on.config", "CONFIG_KVM=y\n")
        self.write("series/config/arm64.config", "CONFIG_KVM=y\n")
        (self.root / "build/log").mkdir()
        self.write("bin/aarch64-linux-gnu-objdump", '#!/bin/sh\ncat "$2"\n', 0o755)

    def kernel(self, code):
        return self.python("check_series", "check_series.prepare_base()\n"
                           "kernel = check_series.Kernel('k', pathlib.Path('host/host.config'))\n"
                           f"print(*kernel.configure(), *{code}, sep='\\n')")

    def test_warnings(self):
        self.assertEqual(self.kernel("kernel.build()"), "k: a.c:1: Warning: b")
        self.assertEqual(self.kernel("kernel.build()"), "", "built again")
        self.write("host/host.config", "# WARNING: unmet direct dependencies\n")
        self.assertEqual(self.kernel("[]"), "k: # WARNING: unmet direct dependencies")

    def test_options(self):
        self.assertEqual(self.kernel("kernel.has('A', unset=('B', 'C'))"), "")
        self.assertEqual(self.kernel("kernel.has('B', 'C', unset=('A',))"),
                         "k: B is not set\nk: C is not set\nk: A is set")

    def test_pristine_source(self):
        (self.root / "scripts").symlink_to(SCRIPTS)
        run = self.run_script("check-series", "quick")
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn("series: HEAD's author and date, but with what is not committed", run.stdout)
        self.assertRegex((self.root / "build/log/series.tap").read_text(),
                         r"(?s)^1\.\.3\n.*\n# kvm-off: a.c:1: Warning: b\n"
                         r"not ok 3 the pristine source builds\n[^\n]*\n$")

    def test_quick(self):
        """The kernel without KVM is built after the patches that begin the series, and the last."""
        found = self.python("check_series", QUICK)
        self.assertEqual(re.findall(r"patch  (.) of .: builds (.*)\n  \| without", found),
                         [("2", "without KVM, each file"), ("4", "without KVM, each file")])
        self.assertEqual(found.count("builds each file"), 2)

    def test_kept_objects(self):
        self.write("scripts/deb", "#!/bin/sh\nfor arch in arm arm64; do file=arch/$arch/kvm/main\n"
                   "[ -e build/deb/$file.o ] || echo $file.c:1: Warning: a; done\n"
                   "echo drivers/a.c:1: warning: b\n", 0o755)
        for arch in ("arm", "arm64"):
            self.write(f"build/deb/arch/{arch}/kvm/main.o", "")
        self.write("build/log/config-deb.log", "WARNING: unmet direct dependencies\n")
        self.assertEqual(self.python("check_series", "print(*check_series.multi_v7(), sep='\\n')"),
                         "WARNING: unmet direct dependencies\narch/arm/kvm/main.c:1: Warning: a\n"
                         "arch/arm64/kvm/main.c:1: Warning: a")

    def test_arm64(self):
        for text, timer, found in (
                ("new\n", "timer\n", ""),
                ("new\n", "new\n", "arm64: arch_timer.o: not the code it was"),
                ("vgic\n", "timer\n", "arm64: vgic/vgic.o: the code it was, so not one of "
                                      "ARM64_CHANGED"),
                ("a.S:1: Warning: b\n", "timer\n", "arm64: a.S:1: Warning: b")):
            files = {"vgic/vgic.c": text, "arch_timer.c": timer}
            self.assertEqual(self.python("check_series", ARM64 % files), found)
