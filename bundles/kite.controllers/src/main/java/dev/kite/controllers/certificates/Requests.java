package dev.kite.controllers.certificates;

import dev.kite.model.certificates.v1.CertificateSigningRequest;
import dev.kite.model.certificates.v1.CertificateSigningRequestCondition;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A signing request's state. Pure. */
final class Requests {
    private static final Duration PENDING = Duration.ofHours(24);
    private static final Duration DECIDED = Duration.ofHours(1);

    private Requests() {}

    static boolean has(CertificateSigningRequest request, String type) {
        return find(request, type) != null;
    }

    private static @Nullable CertificateSigningRequestCondition find(CertificateSigningRequest request, String type) {
        return request.status().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElse(null);
    }

    static boolean undecided(CertificateSigningRequest request) {
        return !has(request, "Approved") && !has(request, "Denied");
    }

    static boolean toBeSigned(CertificateSigningRequest request) {
        return has(request, "Approved")
                && !has(request, "Denied")
                && !has(request, "Failed")
                && request.status().certificate().isEmpty();
    }

    static CertificateSigningRequest with(
            CertificateSigningRequest request, String type, String reason, String message, Instant now) {
        return request.toBuilder()
                .status(status -> status.addConditions(condition -> condition
                        .type(type)
                        .status("True")
                        .reason(reason)
                        .message(message)
                        .lastUpdateTime(now)
                        .lastTransitionTime(now)))
                .build();
    }

    /**
     * Tells how long a request is kept: an hour after it was decided, a day while it was not, as upstream.
     *
     * @param request the request
     * @param now the time
     * @return how long yet, negative where it should be gone
     */
    static Duration left(CertificateSigningRequest request, Instant now) {
        Instant created = request.metadata().creationTimestamp();
        Instant end = (created == null ? now : created).plus(PENDING);
        for (String type : new String[] {"Approved", "Denied", "Failed"}) {
            CertificateSigningRequestCondition condition = find(request, type);
            if (condition != null && condition.lastUpdateTime() != null) {
                Instant decided = condition.lastUpdateTime().plus(DECIDED);
                end = decided.isBefore(end) ? decided : end;
            }
        }
        return Duration.between(now, end);
    }
}
