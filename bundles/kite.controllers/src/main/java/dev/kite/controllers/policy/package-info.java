/** Budgets and bounds: disruption budgets, quotas, aggregated roles. */
@NullMarked
package dev.kite.controllers.policy;

import org.jspecify.annotations.NullMarked;
