package dev.kite.launcher;

import dev.kite.linux.SystemdNotifier;
import java.io.IOException;

/** Tells the service manager when the node, or a server without one, is ready and when it ends. Without a service manager nothing happens. */
final class ServiceState {
    private final SystemdNotifier notifier;

    ServiceState(SystemdNotifier notifier) {
        this.notifier = notifier;
    }

    void ready() {
        tell("READY=1\nSTATUS=ready");
    }

    void stopping() {
        tell("STOPPING=1\nSTATUS=ending; containers stay");
    }

    private void tell(String state) {
        try {
            notifier.notify(state);
        } catch (IOException e) {
            System.err.println("kite: the service manager was not told "
                    + state.lines().findFirst().orElse(state) + ": " + e.getMessage());
        }
    }
}
