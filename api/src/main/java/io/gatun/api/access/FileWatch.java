package io.gatun.api.access;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when files may have changed, by what happens in their directories (inotify): written in place, replaced, or a
 * symbolic link among them turned elsewhere, as Kubernetes does with secrets.
 */
public final class FileWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
    /** Files that belong together are not written at once: nothing is read before it has been quiet for so long. */
    private static final long QUIET_MS = 200;

    private final WatchService service;
    private final List<Path> files;
    private final Runnable onChange;
    private List<String> states;

    private FileWatch(WatchService service, List<Path> files, Runnable onChange) {
        this.service = service;
        this.files = files;
        this.onChange = onChange;
        this.states = states();
    }

    /**
     * Begins to watch.
     *
     * @param onChange called by a thread of its own; may throw nothing
     */
    public static FileWatch start(String name, List<Path> files, Runnable onChange) {
        try {
            FileWatch watch = new FileWatch(FileSystems.getDefault().newWatchService(), files, onChange);
            for (Path directory : files.stream().map(Path::getParent).distinct().toList()) {
                directory.register(
                        watch.service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
            }
            Thread.ofPlatform().daemon().name(name).start(watch::run);
            return watch;
        } catch (IOException e) {
            throw new AccessFileException(
                    files + " cannot be watched (" + e + "), raise fs.inotify.max_user_watches", e);
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                while (key != null) {
                    key.pollEvents();
                    if (!key.reset()) {
                        LOG.warn("{} is gone, changes of files in it are not seen any more", key.watchable());
                    }
                    key = service.poll(QUIET_MS, TimeUnit.MILLISECONDS);
                }
                List<String> now = states();
                if (!now.equals(states)) {
                    states = now;
                    onChange.run();
                }
            }
        } catch (ClosedWatchServiceException e) {
            LOG.debug("watching ends", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Other files of the directories change too. */
    private List<String> states() {
        return files.stream().map(FileWatch::state).toList();
    }

    private static String state(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.lastModifiedTime() + " " + attributes.size();
        } catch (IOException e) {
            return "gone";
        }
    }
}
