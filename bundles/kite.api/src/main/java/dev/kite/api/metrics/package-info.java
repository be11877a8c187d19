/**
 * What is measured, and how it is told. A bundle makes its families once, records into their series without locks or garbage, and
 * offers them as a {@link dev.kite.api.metrics.MetricSource} service; whoever serves /metrics asks all sources.
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.api.metrics;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
