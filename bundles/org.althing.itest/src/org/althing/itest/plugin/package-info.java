/** What plugins that tests make are made of; loaded by their bundles, not by this one. */
@NullMarked
package org.althing.itest.plugin;

import org.jspecify.annotations.NullMarked;
