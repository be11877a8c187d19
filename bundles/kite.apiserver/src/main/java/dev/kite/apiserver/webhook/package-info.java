/** Admission by others: MutatingWebhookConfigurations and ValidatingWebhookConfigurations, matched purely and called over HTTPS. */
@NullMarked
package dev.kite.apiserver.webhook;

import org.jspecify.annotations.NullMarked;
