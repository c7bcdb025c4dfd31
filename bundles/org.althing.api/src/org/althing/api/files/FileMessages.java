// SPDX-License-Identifier: EPL-2.0
package org.althing.api.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What is wrong with a file, in words: Java's own messages are bare paths. */
public final class FileMessages {

    private FileMessages() {}

    /** One line; it names the file where Java does. */
    public static String of(IOException problem) {
        return switch (problem) {
            case NoSuchFileException e -> e.getFile() + " does not exist";
            case FileAlreadyExistsException e -> e.getFile() + " exists already; name another file";
            case AccessDeniedException e -> e.getFile() + " cannot be opened: permission denied";
            case NotDirectoryException e -> e.getFile() + " is not a folder";
            case DirectoryNotEmptyException e -> e.getFile() + " is not empty";
            case FileSystemException e ->
                e.getFile() + ": " + (e.getReason() == null ? "cannot be used" : e.getReason());
            case FileNotFoundException e -> String.valueOf(e.getMessage());
            case CharacterCodingException e -> "the file is not UTF-8 text";
            default -> problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
        };
    }
}
