/**
 * Reads Kubernetes' API as its Java packages publish it (protobuf descriptors and comments, OpenAPI models) and writes
 * kite.model's structure table, descriptions and immutable types. Runs at build time only; same input, same bytes.
 */
@NullMarked
package dev.kite.generator;

import org.jspecify.annotations.NullMarked;
