/** Althing Benchmarks. */
@org.jspecify.annotations.NullMarked
package org.althing.bench;
