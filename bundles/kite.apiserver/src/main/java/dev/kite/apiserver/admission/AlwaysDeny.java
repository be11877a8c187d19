package dev.kite.apiserver.admission;

import dev.kite.apiserver.request.Intent;

/** Refuses all writes; for tests of clients. */
final class AlwaysDeny implements AdmissionRule {
    AlwaysDeny() {}

    @Override
    public String name() {
        return "AlwaysDeny";
    }

    @Override
    public void admit(Admitting write) {
        validate(write);
    }

    @Override
    public void validate(Admitting write) {
        // What the server makes at its start is there before its first client.
        if (!write.intent().user().equals(Intent.SERVER.user())) {
            throw write.resource().forbidden(write.name(), "admission control is denying all modifications");
        }
    }
}
