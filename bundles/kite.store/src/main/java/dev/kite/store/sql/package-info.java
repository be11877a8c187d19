/**
 * The log: kine's table over JDBC, one file a verb. What differs between databases is behind
 * {@link dev.kite.store.sql.Dialect}.
 *
 * <p>The table, with the rows that a creation, an update and a deletion of one key leave (value and old_value at rest):
 *
 * <pre>
 * id  name             created deleted create_revision prev_revision lease value old_value
 * 1   compact_rev_key  1       0       0               0             0     ''    NULL        prev_revision: compacted up to
 * 2   /registry/a      1       0       0               0             0     v1    NULL        created: its create_revision is its id
 * 3   /registry/a      0       0       2               2             0     v2    v1
 * 4   /registry/a      0       1       2               3             0     NULL  v2
 * 9   gap-9            0       1       0               0             0     NULL  NULL        revisions 5 to 9 are not to be used again
 * </pre>
 *
 * The id is the revision. {@code lease} is a time to live in seconds. Rows of one key are chained by prev_revision, which with
 * the name is unique. A commit is atomic and durable or did not happen.
 */
@NullMarked
package dev.kite.store.sql;

import org.jspecify.annotations.NullMarked;
