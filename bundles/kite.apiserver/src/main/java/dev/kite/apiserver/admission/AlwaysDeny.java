package dev.kite.apiserver.admission;

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
        throw write.resource().forbidden(write.name(), "admission control is denying all modifications");
    }
}
