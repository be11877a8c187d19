package dev.kite.distribution;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The program of a pod's sandbox, as a static x86-64 ELF of some 200 bytes, written here so that the build needs no C compiler. It ignores SIGCHLD, so that the kernel reaps the orphans of a
 * shared process namespace, ends at SIGTERM and SIGINT, and otherwise waits.
 *
 * <p>In words: rt_sigaction(SIGCHLD, ignore); rt_sigaction(SIGTERM, exit); rt_sigaction(SIGINT, exit); for (;;) pause().
 */
final class PauseBinary {
    private static final long BASE = 0x400000;
    private static final int HEADERS = 64 + 56;
    private static final int SA_RESTORER = 0x04000000;

    private PauseBinary() {}

    static byte[] x86_64() {
        byte[] code = HexFormat.of()
                .parseHex(String.join(
                        "",
                        sigaction(17, 0), // SIGCHLD, &ignore
                        sigaction(15, 1), // SIGTERM, &leave
                        sigaction(2, 1), // SIGINT, &leave
                        "b822000000", // mov eax, 34 (pause)
                        "0f05", // syscall
                        "ebf7", // jmp back
                        "31ff", // leave: xor edi, edi
                        "b83c000000", // mov eax, 60 (exit)
                        "0f05")); // syscall
        int leave = HEADERS + 3 * SIGACTION_LENGTH + 9;
        int actions = HEADERS + code.length;
        ByteBuffer file = ByteBuffer.allocate(actions + 64).order(ByteOrder.LITTLE_ENDIAN);
        header(file);
        file.position(HEADERS).put(code);
        relocate(file, actions);
        action(file, actions, 1, 0);
        action(file, actions + 32, BASE + leave, SA_RESTORER);
        return file.array();
    }

    private static final int SIGACTION_LENGTH = 5 + 5 + 2 + 5 + 5 + 2;

    /** mov edi, signal; mov esi, address (patched); xor edx, edx; mov r10d, 8 in 6 bytes would do; here mov eax first. */
    private static String sigaction(int signal, int which) {
        return "bf%02x000000".formatted(signal) // mov edi, signal
                + "be%02x000000".formatted(which) // mov esi, action (relocated)
                + "31d2" // xor edx, edx
                + "6a08415a90" // push 8; pop r10; nop
                + "b80d000000" // mov eax, 13 (rt_sigaction)
                + "0f05"; // syscall
    }

    private static void relocate(ByteBuffer file, int actions) {
        for (int i = 0; i < 3; i++) {
            int at = HEADERS + i * SIGACTION_LENGTH + 6;
            file.putInt(at, (int) (BASE + actions + 32L * file.get(at)));
        }
    }

    /** struct kernel_sigaction: handler, flags, restorer, mask. */
    private static void action(ByteBuffer file, int at, long handler, long flags) {
        file.putLong(at, handler);
        file.putLong(at + 8, flags);
        file.putLong(at + 16, handler);
        file.putLong(at + 24, 0);
    }

    /** One ELF header and one program header: read and execute, the whole file. */
    private static void header(ByteBuffer file) {
        file.put(HexFormat.of().parseHex("7f454c46020101000000000000000000"));
        file.putShort((short) 2)
                .putShort((short) 62)
                .putInt(1)
                .putLong(BASE + HEADERS)
                .putLong(64)
                .putLong(0);
        file.putInt(0).putShort((short) 64).putShort((short) 56).putShort((short) 1);
        file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
        file.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE);
        file.putLong(file.capacity()).putLong(file.capacity()).putLong(0x1000);
    }
}
