package dev.kite.apiserver.admission;

import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.security.Authorization;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What rules work with.
 *
 * @param settings which rules are on, and how they are set
 * @param lookups reads the cluster
 * @param authorization knows what users may; null in tests that have none, where rules that ask it are off
 * @param catalog the resources
 * @param quotas reads and writes quotas
 * @param clock the time
 */
public record AdmissionContext(
        AdmissionSettings settings,
        Lookups lookups,
        @Nullable Authorization authorization,
        ResourceCatalog catalog,
        QuotaObjects quotas,
        InstantSource clock) {}
