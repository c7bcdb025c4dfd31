// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.althing.api.Cid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator should know of one DAO, by subject, so that a problem can be taken back. Safe for use by many threads. */
final class Problems {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private final Cid dao;
    private final ConcurrentSkipListMap<String, String> all = new ConcurrentSkipListMap<>();

    Problems(Cid dao) {
        this.dao = dao;
    }

    void put(String subject, String text) {
        String before = all.put(subject, text);
        if (!text.equals(before)) {
            LOG.warn("{}: {}", dao, text);
        }
    }

    void remove(String subject) {
        all.remove(subject);
    }

    void set(String subject, boolean holds, String text) {
        if (holds) {
            put(subject, text);
        } else {
            remove(subject);
        }
    }

    List<String> list() {
        return List.copyOf(all.values());
    }
}
