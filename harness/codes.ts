/** What each code of a verdict means, and what to do: what reports and the reference tell beside the sentence of a case. */

export interface Meaning {
  /** What happened, one sentence. */
  cause: string;
  /** What a person can do, one sentence. */
  remedy: string;
}

const look = 'Read the marked lines of the console in the report; qemu.sh boots the same machine by hand.';
const hostAgain = 'Run it again; boot-matrix doctor looks at the host.';
const fewer = 'Run fewer machines at once (-j), or give the host more.';
const askUs =
  'This is likely a defect of the harness: report it with the bundle of the cell (boot-matrix bundle).';
const install = 'Install it: boot-matrix doctor names the package.';
const ownCheck = 'Look at the check, and at what the guest answered in its evidence.';

/** Of guests: verdict `failed`. */
const guest = {
  'activation-failed': { cause: "NixOS's activation script failed.", remedy: look },
  'agent-garbled': {
    cause: "QEMU's guest agent answered with something else than it promises.",
    remedy: 'Look at the qemu-guest-agent of the image.',
  },
  'agent-refused': {
    cause: "QEMU's guest agent runs no commands.",
    remedy: 'Allow guest-exec in the image, or let the harness in by another way.',
  },
  'agent-silent': {
    cause: "QEMU's guest agent does not answer.",
    remedy: 'Look at the journal of qemu-guest-agent.service.',
  },
  assertion: {
    cause: 'What a check of your own expected did not hold.',
    remedy: 'The difference stands in the evidence of the check.',
  },
  'boot-menu-waits': {
    cause: 'A boot menu waits for a key and has no time-out.',
    remedy: 'Give the menu a time-out, or promise that it waits: "bootMenu": { "waits": … } in the contract.',
  },
  'boot-stuck': { cause: 'The boot stopped going on: no output, no disk access, no work.', remedy: look },
  'bootloader-unproven': {
    cause:
      'The system works once its kernel is started directly, and nothing shows that its bootloader starts it.',
    remedy:
      'Boot it by hand with qemu.sh and look at the screen; let the image speak on serial or run an SSH server.',
  },
  'command-timeout': { cause: 'A command in the guest did not end in time.', remedy: ownCheck },
  'console-flood': {
    cause: 'The guest wrote more to its serial port than any boot does.',
    remedy: 'Look at the end of serial.log: what says it again and again?',
  },
  'console-garbled': {
    cause: 'The answer to a command never came through the console whole.',
    remedy: 'Look at what else writes to the serial port.',
  },
  'console-timeout': { cause: 'Text that a check waits for did not come on the console.', remedy: ownCheck },
  'copy-failed': { cause: 'A file could not be copied into the guest or out of it.', remedy: ownCheck },
  'dependency-failed': { cause: 'A unit did not start since another had failed.', remedy: look },
  'device-failed': {
    cause: 'The firmware could not read the medium that it starts from.',
    remedy: 'Look at the image: is it whole, and is its layout one that this firmware reads?',
  },
  'dracut-shell': {
    cause: 'dracut gave up and opened its emergency shell.',
    remedy: 'Look at which device or file system was not found.',
  },
  'emergency-action': { cause: 'systemd took an emergency action.', remedy: look },
  'emergency-mode': {
    cause: 'systemd went into emergency mode.',
    remedy: 'Look at which unit failed before, mostly a mount.',
  },
  'file-vanished': {
    cause: 'A file that a check had written in the guest was gone.',
    remedy: 'Look at what clears /tmp or /run there.',
  },
  'firmware-assert': {
    cause: 'The firmware met a condition that it takes for impossible.',
    remedy: 'Boot the image with another version of the firmware.',
  },
  'firmware-crashed': { cause: 'The firmware crashed.', remedy: 'Look at the EFI program that it ran last.' },
  'firmware-setup': {
    cause: "The firmware's set-up or shell stands there: it found nothing to start.",
    remedy:
      'Look at the EFI system partition: \\EFI\\BOOT has the loader that firmware starts without an entry.',
  },
  'getty-failed': { cause: 'A login service failed.', remedy: 'Look at the journal of that getty.' },
  'grub-error': { cause: 'GRUB told of an error.', remedy: look },
  'grub-failed': {
    cause: 'GRUB could not go on.',
    remedy: 'Look at grub.cfg: are the device and the files that it names there?',
  },
  'grub-prompt': {
    cause: 'GRUB stands at its prompt: it found no configuration.',
    remedy: 'Look at the prefix that GRUB was installed with, and whether grub.cfg is there.',
  },
  'grub-rescue': {
    cause: 'GRUB stands at its rescue prompt: it found no modules.',
    remedy: 'Look at the partition that GRUB was installed for.',
  },
  'guest-halted': { cause: 'The processor of the guest was halted for good.', remedy: look },
  'guest-panicked': { cause: 'The kernel told the machine that it had panicked.', remedy: look },
  'guest-powered-off': { cause: 'The guest powered itself off.', remedy: look },
  'guest-reset': { cause: 'The machine reset itself while it was checked.', remedy: look },
  'hung-task': { cause: 'A task of the kernel hung.', remedy: look },
  'image-corrupt': {
    cause: "The image's format is broken: QEMU found it out while the guest wrote.",
    remedy: 'Check the image: qemu-img check.',
  },
  'init-died': { cause: 'The first process ended, and the kernel panicked.', remedy: look },
  'initramfs-shell': {
    cause: 'initramfs-tools gave up and opened its shell.',
    remedy: 'Look at which device or file system was not found.',
  },
  'initrd-damaged': {
    cause: 'The kernel could not unpack the initrd.',
    remedy:
      'Look at how the initrd was written: is it whole, and is its compression one that the kernel has?',
  },
  'initrd-too-big': {
    cause: 'The initrd has no room in the memory.',
    remedy: 'Make the initrd smaller, or ask for more memory.',
  },
  'io-error': { cause: 'The kernel could not read its disk.', remedy: 'Look at the image: is it whole?' },
  'ipxe-error': { cause: 'iPXE told of an error.', remedy: look },
  'ipxe-failed': { cause: 'iPXE could not boot.', remedy: 'Look at the script and the files that it names.' },
  'ipxe-prompt': {
    cause: 'iPXE stands at its prompt.',
    remedy: 'Look at the end of the script: does it boot something?',
  },
  'isolinux-failed': {
    cause: 'ISOLINUX or SYSLINUX could not go on.',
    remedy: 'Look at isolinux.cfg and the files that it names.',
  },
  'kernel-damaged': {
    cause: 'The kernel could not unpack itself.',
    remedy: 'Look at how the kernel got into the image.',
  },
  'kernel-load-failed': { cause: 'The kernel could not be loaded.', remedy: look },
  'kernel-panic': {
    cause: 'The kernel panicked.',
    remedy: 'Its own words are the reason; the lines before them mostly tell why.',
  },
  'keyboard-unread': {
    cause: 'Nobody in the guest takes what is typed on its keyboard.',
    remedy: 'Look at the screen: does a session stand there that reads keys?',
  },
  'known-passes': {
    cause: 'A check passes that is known to fail.',
    remedy: 'Take it off the list of known failures.',
  },
  loader: { cause: 'A bootloader told of an error.', remedy: look },
  'loader-failed': {
    cause: 'The firmware could not start the loader.',
    remedy: 'Look at the loader on the EFI system partition: architecture, whole file, signature.',
  },
  'login-loop': {
    cause: 'A login starts and ends again and again.',
    remedy: "Look at the user's shell and at what its profile runs.",
  },
  'login-no-answer': {
    cause: 'The SSH server did not answer a login in time.',
    remedy: 'Look at the journal of sshd.',
  },
  'login-refused': {
    cause: 'A login that the contract promises was refused.',
    remedy: 'Look at user, password and key of the contract, and at the journal of the guest.',
  },
  'login-required': {
    cause: 'A console asks for a login, and the contract promises none.',
    remedy: 'Let it log in by itself as promised, or name the login in the contract ("login").',
  },
  'missing-device': {
    cause: 'A device that the boot needs did not appear.',
    remedy: 'Look at its name: label and UUID of the file system, drivers in the initrd.',
  },
  'mkinitcpio-shell': {
    cause: 'mkinitcpio gave up and opened its shell.',
    remedy: 'Look at which device or file system was not found.',
  },
  'mkinitfs-shell': {
    cause: 'mkinitfs gave up and opened its shell.',
    remedy: 'Look at which device or file system was not found.',
  },
  'mount-failed': { cause: 'A file system could not be mounted.', remedy: look },
  'no-boot-menu': {
    cause: 'The boot menu at which the kernel was to be told of serial was not reached.',
    remedy: 'Give the menu a time-out of some seconds, or let the image speak on serial.',
  },
  'no-bootable-device': {
    cause: 'The firmware found nothing to start.',
    remedy: 'Look at partition table, boot code and EFI system partition of the image.',
  },
  'no-init': {
    cause: 'The kernel found no init.',
    remedy: 'Look at init= on the command line and at the root file system.',
  },
  'no-kernel': {
    cause: 'No kernel could be taken out of the image.',
    remedy: "Look at the bootloader's configuration in the image: does it name a kernel that is there?",
  },
  'no-keys': {
    cause: 'A window in the graphical session got no keys.',
    remedy: 'Look at the screen: is the session locked, or another window in front?',
  },
  'no-login-shell': { cause: 'A login could not start its shell.', remedy: "Look at the user's shell." },
  'no-reboot': {
    cause: 'The guest did not reboot when it was asked to.',
    remedy: 'Look at the stop jobs in the evidence.',
  },
  'no-root-device': {
    cause: 'The kernel found no root device.',
    remedy: 'Look at root= on the command line and at the drivers in the initrd.',
  },
  'no-shell': {
    cause: 'What answers on the console is no shell that runs commands.',
    remedy: 'The harness needs sh, cksum, base64, head and tail there.',
  },
  'no-shell-on-screen': {
    cause: 'No shell ran what was typed on the virtual screen.',
    remedy: 'Look at the screenshots: does somebody stand logged in there?',
  },
  'no-system': {
    cause: 'Something else than a system runs: a memory test, a shell of the firmware.',
    remedy: "Look at the menu's default entry.",
  },
  'no-user': {
    cause: 'A user that a check runs a command as is not there.',
    remedy: 'Look at the users of the image and at the contract.',
  },
  'no-way-in': {
    cause: 'The boot is done, and nobody is let in by any way.',
    remedy: 'The reason names each way and what it met; one that the contract promises has to open.',
  },
  'no-window': {
    cause: 'No window could be opened in the graphical session.',
    remedy: 'Look at the screenshots and at the journal of the session.',
  },
  oops: { cause: 'The kernel had an oops.', remedy: look },
  'output-too-long': { cause: 'A command wrote more than 16 MiB.', remedy: ownCheck },
  'port-timeout': { cause: 'Nothing listened on a port in time.', remedy: ownCheck },
  'rcu-stall': {
    cause: 'The kernel had a stall.',
    remedy: 'A host that is too busy does that, too: run it alone (-j 1) to tell them apart.',
  },
  'reboot-loop': { cause: 'The machine resets itself again and again.', remedy: look },
  'rescue-mode': {
    cause: 'systemd went into rescue mode.',
    remedy: 'Look at the kernel command line and at the default target.',
  },
  'ssh-no-login': {
    cause: 'SSH lets the promised key in and runs nothing for it.',
    remedy: "Look at the user's shell and at ForceCommand.",
  },
  'sshd-silent': {
    cause: 'No SSH server greets.',
    remedy: 'Look at sshd.service, and whether its host keys were made.',
  },
  'stage-1-failed': { cause: "NixOS's stage 1 failed.", remedy: look },
  'switch-root-failed': {
    cause: 'The initrd could not hand over to the system.',
    remedy: 'Look at the root file system: is there an init that runs?',
  },
  'system-halted': { cause: 'The kernel halted the system.', remedy: look },
  'systemd-boot-error': { cause: 'systemd-boot told of an error.', remedy: look },
  'systemd-boot-failed': {
    cause: 'systemd-boot could not start its entry.',
    remedy: 'Look at the entry: are kernel and initrd where it says?',
  },
  'systemd-froze': { cause: 'systemd froze.', remedy: look },
  'text-timeout': { cause: 'Text that a check waits for did not appear.', remedy: ownCheck },
  'u-boot-error': { cause: 'U-Boot told of an error.', remedy: look },
  'u-boot-failed': {
    cause: 'U-Boot could not boot.',
    remedy: 'Look at extlinux.conf and the files that it names.',
  },
  'u-boot-prompt': {
    cause: 'U-Boot stands at its prompt: it found nothing to boot.',
    remedy: 'Look for /boot/extlinux/extlinux.conf on a bootable partition.',
  },
  'unit-failed': { cause: 'A unit failed.', remedy: 'Its journal is in the report where somebody got in.' },
  'unit-timeout': { cause: 'A unit did not become active in time.', remedy: ownCheck },
  waiting: { cause: 'A start job waits.', remedy: 'Look at what it waits for.' },
  'waits-for-a-person': {
    cause: 'Something asks a person: a dialog, a passphrase, a key.',
    remedy: 'Take the question out of the boot; an image that ships unattended can have none.',
  },
  watchdog: { cause: "The guest's watchdog ran out: it hung.", remedy: look },
} as const satisfies Record<string, Meaning>;

/** Of the host and the harness: verdict `error`. */
const host = {
  'accelerator-unusable': {
    cause: 'The accelerator that was asked for does not work here.',
    remedy: 'Take --accel auto, or mend it: boot-matrix doctor says what lacks.',
  },
  attached: {
    cause: 'A person could change the machine while it was tested (attach --write or --monitor).',
    remedy: 'Run it again; attach without --write changes nothing.',
  },
  'check-threw': {
    cause: 'A check of your own ended by an exception.',
    remedy: 'The reason names file and line.',
  },
  'check-timeout': {
    cause: 'A check did not end in time.',
    remedy: 'Look at what it waits for; a check says its own time with `timeoutSeconds`.',
  },
  'disk-full': {
    cause: 'The disk of the host is full.',
    remedy: 'Make room in TMPDIR and where the reports go.',
  },
  'disk-io': { cause: 'The host could not read or write its disk.', remedy: 'Look at dmesg.' },
  'emulation-fault': {
    cause: 'The guest met what no processor does: a fault of the emulation.',
    remedy: hostAgain,
  },
  'event-log-unwritable': {
    cause: 'The event log could not be written.',
    remedy: 'Look at the disk and at the rights of the output directory.',
  },
  'firmware-missing': { cause: 'The firmware for this machine is not on the host.', remedy: install },
  'global-timeout': {
    cause: 'The time for the whole run was over.',
    remedy: 'Give it more (--global-timeout), or split it (--shard).',
  },
  'guardian-unstartable': {
    cause: 'The process that cleans up after a crash could not be started.',
    remedy: 'Look for a limit on processes (ulimit -u).',
  },
  harness: { cause: 'The harness itself failed.', remedy: askUs },
  'host-too-busy': {
    cause: "The host kept the guest from running, and the guest's time ran out.",
    remedy: fewer,
  },
  'host-too-small': {
    cause: 'The machine does not fit on this host.',
    remedy: 'The reason says how much memory it needs and what there is.',
  },
  'image-changed': {
    cause: 'The image changed while it was tested.',
    remedy: 'Run it again when nothing writes to it.',
  },
  'image-in-use': { cause: 'Another program holds the image open for writing.', remedy: 'End that program.' },
  'image-unreadable': { cause: 'The image could not be read.', remedy: 'Look at its rights, and at dmesg.' },
  interrupted: { cause: 'The run was ended from outside.', remedy: 'Run the rest: --last-failed.' },
  'ipxe-missing': { cause: 'The host has no iPXE for this machine.', remedy: install },
  'ipxe-not-run': {
    cause: "The firmware passes over the iPXE in QEMU's network card.",
    remedy: 'The harness tries another way by itself; see the notices.',
  },
  'kernel-not-taken': {
    cause: 'The kernel could not be taken out of the image.',
    remedy: 'The reason names the program that failed.',
  },
  'key-age-unknown': {
    cause: 'It could not be told when the host keys were made.',
    remedy: 'Look at the clock and the file system of the guest.',
  },
  'keys-lost': { cause: 'Keys that were pressed did not all arrive.', remedy: fewer },
  'max-failures': {
    cause: 'The run ended after as many failures as were allowed (-x, --max-failures).',
    remedy: 'Run the rest: --last-failed.',
  },
  'medium-unreadable': {
    cause: 'What is in the image could not be read.',
    remedy: 'The reason names the program that failed.',
  },
  'memory-failure': { cause: 'The memory of the host is broken.', remedy: 'Look at dmesg.' },
  'no-forward': {
    cause: "The port that leads to the guest's SSH server does not answer.",
    remedy: hostAgain,
  },
  'no-home': { cause: 'This user has no home directory.', remedy: 'Set HOME, or XDG_CACHE_HOME.' },
  'no-medium': {
    cause: 'The check pulls a medium, and this cell has none.',
    remedy: 'Let the check ask for it: `needs` with `medium`.',
  },
  'no-root': {
    cause: 'The check needs root in the guest, and the way in is no root.',
    remedy: 'Promise a way in as root, or leave out the check.',
  },
  'no-screen': { cause: 'QEMU does not tell where it serves the screen.', remedy: askUs },
  'no-such-user': {
    cause: 'The user who runs this is in no list of users, and ssh runs for no such one.',
    remedy: 'Run it as a user whom passwd names.',
  },
  'no-such-way': { cause: 'No way in is there for this machine.', remedy: askUs },
  'no-terminal-emulator': {
    cause: 'No terminal that shows keys could be started in the graphical session.',
    remedy: 'Put one into the image, e.g. xterm.',
  },
  'out-of-descriptors': {
    cause: 'The host has no more file descriptors.',
    remedy: 'Raise the limit (ulimit -n).',
  },
  'out-of-memory': { cause: 'The host has no more memory.', remedy: fewer },
  'out-of-processes': { cause: 'The host has no more processes.', remedy: 'Raise the limit (ulimit -u).' },
  'overlay-failed': {
    cause: 'qemu-img could not make the overlay over the image.',
    remedy: 'The reason has its words.',
  },
  'port-not-forwarded': { cause: 'QEMU forwards no port to the guest.', remedy: askUs },
  'port-not-ours': {
    cause: 'Another program answers on the port that leads to the guest.',
    remedy: hostAgain,
  },
  'port-taken': { cause: 'No port was free.', remedy: hostAgain },
  'program-killed': { cause: 'A helper program was killed.', remedy: hostAgain },
  'program-missing': { cause: 'A program is not on the host.', remedy: install },
  'program-too-small': {
    cause: 'A helper program cannot take an image of this size.',
    remedy: 'Take a newer version of it.',
  },
  'proof-not-given': {
    cause: 'ssh did not offer the proof that the check is about.',
    remedy: 'The reason has its words.',
  },
  'qemu-broken': { cause: 'QEMU does not even tell its version.', remedy: 'Install QEMU anew.' },
  'qemu-died': {
    cause: 'QEMU ended by itself.',
    remedy: 'The reason has its last words; qemu.sh starts the same machine.',
  },
  'qemu-hangs': { cause: 'QEMU does not answer any more.', remedy: hostAgain },
  'qemu-internal-error': {
    cause: 'QEMU met an error of its own.',
    remedy: 'Look at its stderr in the reason; another version may do better.',
  },
  'qemu-killed': { cause: 'QEMU was killed.', remedy: 'Look at dmesg: was it out of memory?' },
  'qemu-missing': { cause: 'QEMU is not on the host.', remedy: install },
  'qemu-stopped': { cause: 'QEMU was stopped (SIGSTOP).', remedy: 'Run it again.' },
  'qemu-too-old': { cause: 'QEMU is older than 7.1.', remedy: 'Install a newer one.' },
  'qemu-unstartable': {
    cause: 'QEMU could not be started.',
    remedy: 'Look for a limit on processes, open files or terminals (ulimit -a).',
  },
  'qmp-listen': {
    cause: 'No socket for QEMU could be made.',
    remedy: 'Use a shorter or writable directory for temporary files (TMPDIR).',
  },
  'qmp-lost': { cause: "The connection to QEMU's monitor ended.", remedy: hostAgain },
  'qmp-refused': { cause: 'QEMU refused a command of its monitor.', remedy: askUs },
  'serial-log': {
    cause: 'The log of the serial port could not be written.',
    remedy: 'Look at the disk and at the rights of the output directory.',
  },
  'ssh-failed': { cause: 'ssh did not even connect.', remedy: 'The reason has its words.' },
  'ssh-missing': { cause: 'ssh is not on the host.', remedy: install },
  'ssh-not-understood': { cause: 'What ssh said is not understood.', remedy: askUs },
  'switched-off': {
    cause: 'A check before this one had switched the machine off.',
    remedy: 'Let that check say so: `needs` with `power`, so that it comes last.',
  },
  'u-boot-missing': { cause: 'U-Boot for this machine is not on the host.', remedy: install },
  'vsock-died': { cause: 'The program that serves the vsock ended.', remedy: hostAgain },
} as const satisfies Record<string, Meaning>;

export const codes: Readonly<Record<'failed' | 'error', Readonly<Record<string, Meaning>>>> = {
  failed: guest,
  error: host,
};
