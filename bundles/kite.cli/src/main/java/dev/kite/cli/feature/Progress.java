package dev.kite.cli.feature;

import java.io.PrintWriter;
import java.util.function.Consumer;

/** Shows a feature's phase while it is waited for: in place on a terminal, a line a phase elsewhere. */
final class Progress implements Consumer<String> {
    private static final String[] WHEEL = {"|", "/", "-", "\\"};

    private final String name;
    private final PrintWriter out;
    private final boolean terminal;
    private String last = "";
    private int turn;

    Progress(String name, PrintWriter out, boolean terminal) {
        this.name = name;
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void accept(String phase) {
        if (terminal) {
            out.printf("\r\u001b[K%s %s %s", WHEEL[turn++ % WHEEL.length], name, phase);
        } else if (!phase.equals(last)) {
            out.println(name + " " + phase);
        }
        last = phase;
        out.flush();
    }

    /** Clears what was shown in place. */
    void end() {
        if (terminal) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }
}
