/** What the server keeps in the cluster on its own account: which addresses Services have, which networks they come from, which servers live. */
@NullMarked
package dev.kite.apiserver.cluster;

import org.jspecify.annotations.NullMarked;
