// SPDX-License-Identifier: EPL-2.0
/**
 * The voting methods that come with Althing, each a service of type {@link org.althing.api.tally.VotingMethod}.
 *
 * <p>Everything here is integers and exact fractions; power is summed in {@link PowerSums} without a bound that ballots could reach.
 */
@NullMarked
package org.althing.methods.internal;

import org.althing.api.tally.PowerSums;
import org.jspecify.annotations.NullMarked;
