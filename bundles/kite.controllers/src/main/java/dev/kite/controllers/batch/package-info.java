/** Jobs and CronJobs. */
@NullMarked
package dev.kite.controllers.batch;

import org.jspecify.annotations.NullMarked;
