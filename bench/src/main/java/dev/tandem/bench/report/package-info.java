/**
 * From a run's folder to the page that people read and the files that scripts read. Counts and
 * words only what was measured: what was not says so.
 */
@NullMarked
package dev.tandem.bench.report;

import org.jspecify.annotations.NullMarked;
