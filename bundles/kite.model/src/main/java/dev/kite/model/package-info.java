/**
 * What all Kubernetes types are made of: {@link dev.kite.model.Struct} and its builder, {@link dev.kite.model.StructType},
 * {@link dev.kite.model.ResourceType}, and the value types {@link dev.kite.model.Quantity}, {@link
 * dev.kite.model.IntOrString}, {@link dev.kite.model.Bytes} and {@link dev.kite.model.Json}. All values are immutable.
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
