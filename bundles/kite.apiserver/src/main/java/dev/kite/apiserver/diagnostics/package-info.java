/** What tells people and probes how the server is: health checks, flags in force, its status, profiles, the log's level. */
@NullMarked
package dev.kite.apiserver.diagnostics;

import org.jspecify.annotations.NullMarked;
