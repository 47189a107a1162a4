# A kernel that runs from its first instruction at EL1 and says so on the virt board's PL011.
# Says L from EL1, D when the calibration is done.

        .globl  _start
_start: mov     x1, #0x09000000
        mov     w0, #0x70               // 8 bits, FIFO
        str     w0, [x1, #0x2c]
        mov     w0, #0x301              // on, transmit, receive
        str     w0, [x1, #0x30]
        mrs     x0, sctlr_el1           // traps unless this is EL1 or above
        orr     x0, x0, #1 << 12        // instruction cache
        msr     sctlr_el1, x0
        isb
        mov     w0, #'L'
        str     w0, [x1]
        ldr     w4, =1664525
        ldr     w5, =1013904223
        adr     x9, mix
        ldr     w3, =25000000
step:   blr     x9
        tst     w3, #0x7f
        b.ne    1f
        tlbi    vmalle1                 // a task switch: every address is translated anew
        dsb     nsh
        isb
1:      subs    w3, w3, #1
        b.ne    step
        mov     w6, #'D'
        str     w6, [x1]
halt:   wfi
        b       halt

mix:    mul     w0, w0, w4
        add     w0, w0, w5
        lsr     w6, w0, #16
        eor     x7, x7, x6, ror #7
        add     x8, x8, x7
        ret
