/** The API port: filters and routes are services, held together by one dispatcher. */
@NullMarked
package dev.kite.http.port;

import org.jspecify.annotations.NullMarked;
