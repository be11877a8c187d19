package dev.kite.security.rbac;

import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer;
import dev.kite.api.security.UserInfo;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Allows the group system:masters everything, so that a broken role can be repaired. */
@Component(property = "service.ranking:Integer=300")
public final class MastersAuthorizer implements Authorizer {
    private static final Decision ALLOWED = new Decision(Verdict.ALLOW, "");

    /** Needs nothing. */
    @Activate
    public MastersAuthorizer() {}

    @Override
    public Decision authorize(Attributes attributes) {
        return attributes.user().groups().contains(UserInfo.MASTERS) ? ALLOWED : Decision.NO_OPINION;
    }
}
