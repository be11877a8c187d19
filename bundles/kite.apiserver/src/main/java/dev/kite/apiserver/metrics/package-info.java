/**
 * What the API server measures, under kube-apiserver's names. Each class holds the families of one part of the server; the part records, /metrics
 * tells. docs/metrics.md says which of upstream's metrics are here and why others are not.
 */
@NullMarked
package dev.kite.apiserver.metrics;

import org.jspecify.annotations.NullMarked;
