package dev.kite.cli.certificate;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One certificate of a file.
 *
 * @param service the service that uses it, in k3s's names
 * @param file its file
 * @param subject its subject's distinguished name
 * @param commonName its subject's common name
 * @param usages ClientAuth, ServerAuth, CertSign
 * @param starts from when it holds
 * @param expires until when
 */
record CertificateEntry(
        String service,
        Path file,
        String subject,
        String commonName,
        List<String> usages,
        Instant starts,
        Instant expires) {
    /** k3s renews leaves when fewer remain, and warns. */
    private static final Duration WARNING = Duration.ofDays(120);

    /** How a certificate stands. */
    enum Status {
        /** It holds. */
        OK,
        /** It is to be renewed. */
        WARNING,
        /** It has ended. */
        EXPIRED,
        /** It does not hold yet: the clock may be wrong. */
        NOT_YET_VALID
    }

    CertificateEntry {
        usages = List.copyOf(usages);
    }

    Status status(Instant now) {
        if (now.isBefore(starts)) {
            return Status.NOT_YET_VALID;
        }
        if (!now.isBefore(expires)) {
            return Status.EXPIRED;
        }
        return now.plus(WARNING).isAfter(expires) ? Status.WARNING : Status.OK;
    }

    /** What is left, in the two largest units. */
    String left(Instant now) {
        long days = Math.max(0, Duration.between(now, expires).toDays());
        if (days >= 365) {
            return days / 365 + " years " + days % 365 + " days";
        }
        return days + " days";
    }
}
