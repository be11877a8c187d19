/** A plain HTTPS client for commands: what a kubeconfig says, over java.net.http. */
@NullMarked
package dev.kite.cli.client;

import org.jspecify.annotations.NullMarked;
