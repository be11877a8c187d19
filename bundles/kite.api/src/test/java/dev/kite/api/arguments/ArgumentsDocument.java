package dev.kite.api.arguments;

import java.util.List;

/** docs/arguments.md, made from the tables. */
final class ArgumentsDocument {
    private ArgumentsDocument() {}

    static String markdown() {
        StringBuilder page = new StringBuilder("""
                # Arguments of Kubernetes' components

                What Kite does with each argument of Kubernetes 1.36 that `--kube-apiserver-arg`, `--kube-controller-manager-arg`, `--kube-scheduler-arg`, `--kubelet-arg` and
                `--kube-proxy-arg` take, as `name=value`; on the command line or as a list in `config.yaml`:

                ```yaml
                kube-apiserver-arg:
                  - max-requests-inflight=800
                  - event-ttl=3h
                ```

                *Honoured*: it has upstream's effect, held by the test that is named. *Meaningless*: it is taken, and what it sets does not exist here. *Missing*: it is taken
                with a warning that it has no effect. A name that upstream does not have, or a value of the wrong form, stops the server with one line.

                This page is made from the tables beside `dev.kite.api.arguments`; a test holds it equal to them.
                """);
        for (UpstreamComponent component : UpstreamComponent.values()) {
            List<Argument> all = List.copyOf(ArgumentTable.of(component).all());
            page.append("\n## ")
                    .append(component.program())
                    .append("\n\n")
                    .append(count(all, Argument.State.HONOURED))
                    .append(" honoured, ")
                    .append(count(all, Argument.State.MEANINGLESS))
                    .append(" meaningless, ")
                    .append(count(all, Argument.State.MISSING))
                    .append(" missing.\n\n| argument | | |\n|---|---|---|\n");
            all.forEach(argument -> page.append("| `")
                    .append(argument.name())
                    .append("` | ")
                    .append(argument.state().name().toLowerCase(java.util.Locale.ROOT))
                    .append(" | ")
                    .append(argument.note())
                    .append(" |\n"));
        }
        return page.toString();
    }

    private static long count(List<Argument> all, Argument.State state) {
        return all.stream().filter(argument -> argument.state() == state).count();
    }
}
