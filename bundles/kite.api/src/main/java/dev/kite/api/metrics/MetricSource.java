package dev.kite.api.metrics;

import java.util.Collection;

/** Something that measures itself, offered as a service. Thread-safe. */
@FunctionalInterface
public interface MetricSource {
    /**
     * Its families. Asked at each scrape, so that a family may come later; families of one name from several sources are told as one.
     *
     * @return the families
     */
    Collection<? extends MetricFamily> metrics();
}
