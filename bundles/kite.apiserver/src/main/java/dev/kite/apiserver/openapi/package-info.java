/** OpenAPI v3 and v2 of what the server serves. */
@NullMarked
package dev.kite.apiserver.openapi;

import org.jspecify.annotations.NullMarked;
