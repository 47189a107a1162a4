# A boot sector that walks the way of a PC's boot: BIOS calls in real mode as Linux makes them, then long mode.
# Says on COM1: B after the BIOS calls, L from long mode, D when the calibration is done. There are hosts whose KVM
# opens and makes machines, and then dies or hangs at one of these steps, or runs a thousand times too slowly.

        .set    COM1, 0x3f8
        .set    TABLES, 0x1000          # three pages: PML4, PDPT, PD
        .set    SECTOR, 0x8000          # where disk reads go
        .set    WALKED, 0x10000         # 64 KiB that the calibration reads and writes

        .code16
        .globl  _start
_start: ljmp    $0, $main
main:   xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movw    $_start, %sp

# Each disk that there may be, as arch/x86/boot/edd.c asks: extensions, both geometries, the first sector.
        movb    $0x80, %dl
disk:   pushw   %dx
        movb    $0x41, %ah
        movw    $0x55aa, %bx
        int     $0x13
        popw    %dx
        jc      next
        pushw   %dx
        movw    $SECTOR, %si
        movw    $0x1e, (%si)
        movb    $0x48, %ah
        int     $0x13
        popw    %dx
        pushw   %dx
        xorw    %di, %di
        movb    $0x08, %ah
        int     $0x13
        popw    %dx
        pushw   %dx
        xorw    %ax, %ax
        movw    %ax, %es
        movw    $SECTOR, %bx
        movw    $0x0201, %ax
        movw    $1, %cx
        movb    $0, %dh
        int     $0x13
        popw    %dx
next:   incb    %dl
        cmpb    $0x90, %dl
        jne     disk

        movb    $'B', %al
        movw    $COM1, %dx
        outb    %al, %dx

        cli
        xorl    %eax, %eax
        movw    %ax, %es
        movl    $TABLES, %edi
        movl    %edi, %cr3
        movw    $0x1800, %cx
        rep stosw
        movl    $TABLES + 0x1003, TABLES
        movl    $TABLES + 0x2003, TABLES + 0x1000
        movl    $0x83, TABLES + 0x2000  # one page of 2 MiB, identity
        movl    %cr4, %eax
        orl     $0x20, %eax             # PAE
        movl    %eax, %cr4
        movl    $0xc0000080, %ecx       # EFER.LME
        rdmsr
        orl     $0x100, %eax
        wrmsr
        movl    %cr0, %eax
        orl     $0x80000001, %eax       # PG, PE
        movl    %eax, %cr0
        lgdt    table
        ljmp    $8, $long

        .code64
long:   movb    $'L', %al
        movw    $COM1, %dx
        outb    %al, %dx
        movl    $TABLES, %esp           # a page without code: emulation is slow to write beside it
        movl    $mix, %edi
        movl    $15000000, %ecx
step:   call    *%rdi
        testb   $0x7f, %cl
        jnz     1f
        movq    %cr3, %rsi              # a task switch: every address is translated anew
        movq    %rsi, %cr3
1:      decl    %ecx
        jnz     step
        movb    $'D', %al
        outb    %al, %dx
halt:   hlt
        jmp     halt

mix:    imull   $1664525, %eax, %eax
        addl    $1013904223, %eax
        movl    %eax, %esi
        shrl    $16, %esi
        andl    $0xfff8, %esi
        addq    %rax, WALKED(%rsi)
        ret

gdt:    .quad   0, 0x00209a0000000000   # null, 64-bit code
table:  .word   . - gdt - 1
        .long   gdt

        .org    510
        .word   0xaa55
