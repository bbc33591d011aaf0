# SPDX-License-Identifier: GPL-2.0
"""Broken documentation, one mistake at a time, on which check-docs --selftest tries its checks."""

import dataclasses
import re


def replaced(text, old, new):
    """A broken copy; it has to be broken where it was meant to be."""
    if old not in text:
        raise ValueError(f"nothing to break: {old!r}")
    return text.replace(old, new, 1)


def section(text, title):
    """One section, heading included."""
    found = re.search(rf"^\d+\.\d+ {re.escape(title)}\n-+\n.*?(?=^\d+\.\d+ )", text, re.M | re.S)
    if not found:
        raise ValueError(f"no section {title}")
    return found[0]


def breakages(docs, good):
    """(what is wrong, the check of docs that has to notice, the broken input)"""
    def broken(**changes):
        return dataclasses.replace(good, **changes)

    def change(field, old, new, path=None):
        """Break a text, or the one of a path."""
        texts = getattr(good, field)
        return broken(**{field: replaced(texts, old, new) if path is None else
                         {**texts, path: replaced(texts[path], old, new)}})

    def append(field, text):
        return broken(**{field: getattr(good, field) + text})

    one_reg = section(good.base, "KVM_GET_ONE_REG")
    init = section(good.base, "KVM_ARM_VCPU_INIT")
    hyp, vm = str(docs.DOCS / "arm/hyp.txt"), str(docs.KVM / "vm.c")
    yield ("an ioctl is described in both files", docs.check_sections,
           broken(api=good.api + "\n" + replaced(one_reg, "4.69", "4.970")))
    yield ("an ioctl that is offered is described in both files", docs.check_ioctls,
           append("api", "\nKVM_GET_ONE_REG\n===============\n\nReads a register.\n"))
    yield ("an ioctl is described twice in api.txt", docs.check_sections,
           append("api", 2 * "\nKVM_NEW\n=======\n\nDoes something.\n"))
    yield ("a section number is in both files", docs.check_numbers,
           append("api", "\n4.69 Registers\n--------------\n\n"))
    yield ("a section number is in api.txt twice", docs.check_numbers,
           append("api", 2 * "\n4.969 Registers\n---------------\n\n"))
    yield ("a pointer has taken the place of the description", docs.check_ioctls,
           broken(base=replaced(good.base, one_reg, '4.69 KVM_GET_ONE_REG\n--------------------\n\n'
                                ':Type: vcpu ioctl\n\nSee "Registers" in '
                                'Documentation/virtual/kvm/api.txt.\n\n')))
    yield ("api.rst refers to a topic that api.txt does not have", docs.check_pointers,
           change("api", "Device attributes\n====", "Attributes\n===="))
    yield ("api.txt refers to a section that is of another ioctl", docs.check_pointers,
           change("api", "KVM_RUN (4.10)", "KVM_RUN (4.11)"))
    yield ("api.txt refers to a section that does not exist", docs.check_pointers,
           change("api", "the vcpu starts stopped (4.38)", "the vcpu starts stopped (4.938)"))
    yield ("api.rst has got a section twice", docs.check_base, broken(base=good.base + "\n" + init))
    yield ("api.rst has got a second section for an ioctl", docs.check_base,
           broken(base=good.base + "\n" + replaced(init, "4.82", "4.999")))
    yield ("a paragraph is in api.rst as well", docs.check_copies,
           broken(api=good.api + "\n\n" + max(docs.paragraphs(good.base), key=len) + "\n"))
    yield ("api.rst does not name arm", docs.check_architectures,
           change("base", ":Architectures: arm, arm64", ":Architectures: arm64"))
    yield ("api.rst names arm in the section of an ioctl that is not offered",
           docs.check_architectures, change("base", ":Architectures: all except arm, arm64",
                                            ":Architectures: all except arm64"))
    nmi = section(good.base, "KVM_NMI")
    yield ("a part about 32-bit ARM is in a section that does not name arm",
           docs.check_architectures, broken(base=replaced(
               good.base, nmi, nmi + "\n32-bit ARM:\n^^^^^^^^^^^\n\nNothing.\n\n")))
    yield ("an ioctl of arch/arm/kvm is not described", docs.check_ioctls,
           change("base", "4.83 KVM_ARM_PREFERRED_TARGET\n----", "4.83 KVM_NEW_TARGET\n----"))
    yield ("an ioctl of virt/kvm is not described", docs.check_ioctls,
           change("api", "KVM_IRQ_LINE_STATUS\n===", "Interrupt lines\n==="))
    yield ("a new ioctl is not described", docs.check_ioctls,
           change("code", "case KVM_CREATE_IRQCHIP:",
                  "case KVM_NEW:\n\tcase KVM_CREATE_IRQCHIP:", vm))
    yield ("an option that is now selected offers an ioctl that api.txt calls absent",
           docs.check_architectures,
           broken(kconfig=replaced(good.kconfig, "select KVM_MMIO",
                                   "select KVM_MMIO\n\tselect HAVE_KVM_MSI"),
                  api=replaced(good.api, "  KVM_SIGNAL_MSI\n", "")))
    yield ("an ioctl that is offered is called absent", docs.check_ioctls,
           change("api", "  KVM_SIGNAL_MSI\n", "  KVM_ARM_PREFERRED_TARGET\n"))
    yield ("a capability is not listed", docs.check_capabilities,
           change("code", "case KVM_CAP_ONE_REG:",
                  "case KVM_CAP_ONE_REG:\n\tcase KVM_CAP_NEW:", vm))
    yield ("a capability is listed and not answered", docs.check_capabilities,
           change("code", "case KVM_CAP_ONE_REG:", "", vm))
    eexist = "  EEXIST   there is a vcpu with this id\n"
    ebusy = "  EBUSY    the interrupt controller"
    yield ("an error has a test and is not listed", docs.check_errors, change("base", eexist, ""))
    yield ("an error of an attribute has a test and is not listed", docs.check_errors,
           change("api", "  E2BIG    the frame ends", "  it ends"))
    yield ("an error is listed and has no test", docs.check_errors,
           change("tests", "EINVAL EBUSY EEXIST", "EINVAL EBUSY"))
    yield ("errors are listed in another order than they have", docs.check_errors,
           broken(base=replaced(replaced(good.base, eexist, ""), ebusy, eexist + ebusy)))
    yield ("a list of errors in api.txt does not tell its section", docs.check_errors,
           change("api", "Errors of KVM_DEV_ARM_VGIC_GRP_ADDR (4.80):", "Errors:"))
    yield ("the register list lacks a row", docs.check_register_list,
           append("rows", "SWITCHED64(NEW, 15, 15, 15, NONE, RW)\n"))
    yield ("the register list is edited by hand", docs.check_register_list,
           change("list", "SCTLR ", "SCTRL "))
    yield ("regs.h has something that is not a row", docs.check_register_list,
           append("rows", "SWITCHED128(NEW, 15, 15, 15, NONE, RW)\n"))
    yield ("the guide shows a row that is not in the table", docs.check_examples,
           change("texts", "SWITCHED32(TPIDRURW,", "SWITCHED32(TPIDRURX,", docs.GUIDE))
    yield ("the guide leaves out a kind of rows", docs.check_examples,
           change("texts", "  NATIVE ", "  native ", docs.GUIDE))
    yield ("the guide leaves out a test", docs.check_map,
           change("texts", " mmio access ", " access ", docs.GUIDE))
    yield ("the guide names a test twice", docs.check_map,
           change("texts", " mmio access ", " mmio access timer ", docs.GUIDE))
    yield ("the guide names a test that does not exist", docs.check_map,
           broken(programs=tuple(name for name in good.programs if name != "timer")))
    yield ("the text names a function that does not exist", docs.check_functions,
           change("texts", "kvm_toggle_cache()", "kvm_toggle_caches()", hyp))
    yield ("the text names a function of arm64 as ours", docs.check_functions,
           change("texts", "flush_context() (arm64)", "flush_context()", hyp))
    yield ("the text names a file that does not exist", docs.check_files,
           change("texts", "arch/arm/kvm/hyp:", "arch/arm/kvm/hype:", hyp))
    yield ("a file of the kernel names one of this repository", docs.check_outside,
           broken(patched={**good.patched, vm: good.patched[vm] + "/* host/init.c */"}))
    yield ("a file of the kernel names README.md", docs.check_outside,
           broken(patched={**good.patched, vm: good.patched[vm] + "/* see README.md. */"}))
    for what, path, old, new in (
            ("a manual page lacks an option", "armvm/armvm.1", ".It Fl -dtb Ar file\n", ""),
            ("a program has a new option", "armvm/main.c", '{ "dtb",',
             '{ "new", no_argument,\n{ "dtb",'),
            ("a manual page lacks a command", "kvmarm/kvmarm.1", ".It Ic demo\n", ""),
            ("a manual page has an option that is gone", "kvmarm/kvmarm.c", "[--vcpus N] ", "")):
        path = str(docs.TOOLS / path)
        yield (what, docs.check_manual_pages, change("tools", old, new, path))
