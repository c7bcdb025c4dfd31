// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.althing.api.AlthingException;
import org.althing.api.ledger.Ledger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Keeps ledgers in append-only logs. Safe for use by many threads. */
@Component(service = Ledger.class)
public final class LogLedger implements Ledger {

    private final Disk disk;
    private final Limits limits;
    private final LongSupplier random;
    private final List<LogFolder> folders = new ArrayList<>();

    @Activate
    public LogLedger() {
        this(new FileDisk(), Limits.DEFAULT, new SecureRandom()::nextLong);
    }

    LogLedger(Disk disk, Limits limits, LongSupplier random) {
        this.disk = disk;
        this.limits = limits;
        this.random = random;
    }

    @Override
    public Folder open(Path folder) throws AlthingException {
        LogFolder opened = LogFolder.open(folder, disk, limits, random);
        synchronized (folders) {
            folders.removeIf(LogFolder::isClosed);
            folders.add(opened);
        }
        return opened;
    }

    /** The bundle goes: whoever still holds a folder could not let it go any more, and the next provider must be able to take it. */
    @Deactivate
    void deactivate() throws AlthingException {
        AlthingException failure = null;
        synchronized (folders) {
            for (LogFolder folder : folders) {
                try {
                    folder.close();
                } catch (AlthingException e) {
                    failure = e; // the others are let go all the same
                }
            }
            folders.clear();
        }
        if (failure != null) {
            throw failure;
        }
    }
}
