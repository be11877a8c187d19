package dev.kite.apiserver.registry;

import dev.kite.apiserver.admission.Admission;
import dev.kite.apiserver.storage.Objects;
import java.time.InstantSource;

/**
 * What all writes go through.
 *
 * @param objects the objects
 * @param strategies what kinds do otherwise
 * @param admission what is changed and refused
 * @param checks what is valid
 * @param ownership who manages which fields
 * @param clock the time
 */
public record Machinery(
        Objects objects,
        Strategies strategies,
        Admission admission,
        Checks checks,
        Ownership ownership,
        InstantSource clock) {}
