package dev.kite.apiserver.validation;

import java.util.List;

/** Paths of files in objects: relative ones, ones that stay below where they begin. Stateless. */
final class Paths {
    private static final int MODE_MAX = 511; // 0777

    private Paths() {}

    /** A path that stays below where it begins. */
    static void inside(At path) {
        if (path.text().startsWith("/")) {
            path.invalid("must be a relative path");
        }
        noBacksteps(path);
    }

    static void noBacksteps(At path) {
        if (stepsBack(path.text())) {
            path.invalid("must not contain '..'");
        }
    }

    static boolean stepsBack(String path) {
        return List.of(path.split("/", -1)).contains("..");
    }

    /** A path that stays below where it begins, and whose first name is not one that kubelet keeps for itself. */
    static void free(At path) {
        inside(path);
        if (path.text().startsWith("..") && !path.text().startsWith("../")) {
            path.invalid("must not start with '..'");
        }
    }

    /** A file that must be named. */
    static void file(At path) {
        path.needed();
        free(path);
    }

    static void mode(At mode) {
        if (mode.present() && (mode.number() < 0 || mode.number() > MODE_MAX)) {
            mode.invalid("must be a number between 0 and 0777 (octal), both inclusive");
        }
    }
}
