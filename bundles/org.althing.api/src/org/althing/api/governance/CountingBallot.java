// SPDX-License-Identifier: EPL-2.0
package org.althing.api.governance;

import java.math.BigInteger;
import org.althing.api.Cid;
import org.althing.api.PublicKey;

/**
 * The ballot of a member that counts so far.
 *
 * @param member root key
 * @param ballot the ballot entry
 * @param power voting power under the electorate, in units
 */
public record CountingBallot(PublicKey member, Cid ballot, long revision, BigInteger power) {}
