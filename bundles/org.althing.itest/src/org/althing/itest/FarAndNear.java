// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestRules;

/** Every use case, asked of a node itself and over a wire. */
final class FarAndNear {

    private FarAndNear() {}

    /**
     * Fails unless both give the same.
     *
     * @param file where evidence goes
     */
    static void check(Community community, Assembly far, Path file) throws Exception {
        Assembly near = community.assembly();
        Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
        byte[] ballot = community.entry(community.device(0), TestDao.ballot(proposal, 0, 1));
        assertThat(far.submit(ballot, Community.WAIT_MILLIS).state()).isEqualTo("sealed");
        assertThat(far.submitAll(List.of(ballot, new byte[] {1}), 0))
                .extracting(Assembly.Submission::state)
                .containsExactly("sealed", "refused");
        assertThat(far.proposal(proposal.toString())).isEqualTo(near.proposal(proposal.toString()));
        assertThat(far.proposal(proposal.toString()).tally()).isPresent();
        String member = community.members.getFirst().key().toString();
        assertThat(far.ballot(proposal.toString(), member))
                .isPresent()
                .isEqualTo(near.ballot(proposal.toString(), member));
        assertThat(far.ballot(
                        proposal.toString(), community.members.get(1).key().toString()))
                .isEmpty();
        community.decided(proposal);
        assertThat(far.daos()).isEqualTo(near.daos());
        assertThat(far.dao(community.dao)).isEqualTo(near.dao(community.dao));
        assertThat(far.status()).isEqualTo(near.status());
        assertThat(far.methods()).isEqualTo(near.methods()).isNotEmpty();
        assertThat(far.members(community.dao)).isEqualTo(near.members(community.dao));
        assertThat(far.proposals(community.dao, Optional.empty(), 0, 10))
                .isEqualTo(near.proposals(community.dao, Optional.empty(), 0, 10));
        assertThat(far.proposals(community.dao, Optional.of("executed"), 0, 10)).hasSize(1);
        assertThat(far.comments(proposal.toString())).isEmpty();
        assertThat(far.seals(community.dao, 0, 100)).isEqualTo(near.seals(community.dao, 0, 100));
        assertThat(far.entry(proposal.toString())).isEqualTo(near.entry(proposal.toString()));
        assertThat(far.authoring(community.dao, member)).isEqualTo(near.authoring(community.dao, member));
        byte[] charter = community.charter(new TestRules().quotas(3, 3).build(), Community.notary(community.node()));
        assertThat(far.found(charter).state()).isEqualTo("sealed");
        assertThat(far.export(proposal.toString(), file.toString()).sizeBytes()).isEqualTo(Files.size(file));
        assertThatThrownBy(() -> far.dao("bafyzzzzzzz"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no DAO");
    }
}
