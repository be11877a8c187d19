package dev.kite.apiserver.flowcontrol;

/**
 * A level's part of the server's seats, and what it did with it lately. Guarded by the configuration's lock; what is volatile may be read without.
 */
final class LevelShare {
    /** How much of what was aimed at stays, each time. */
    private static final double INERTIA = 0.977;

    private static final int MOST = Integer.MAX_VALUE / 2;

    private final Level level;
    private volatile int nominal;
    private volatile int lowest;
    private volatile int highest;
    private volatile int current;
    private volatile int watermark;
    private volatile double average;
    private volatile double deviation;
    private volatile double smoothed;
    private volatile double target;

    LevelShare(Level level) {
        this.level = level;
    }

    Level level() {
        return level;
    }

    /** Its part, given the whole. */
    void divide(int server, double shares) {
        LevelSpec spec = level.spec();
        nominal = shares <= 0 ? 0 : (int) Math.ceil(server * (double) spec.shares() / shares);
        Integer borrowing = spec.borrowing();
        long borrow = borrowing == null ? server : Math.round(nominal * (double) borrowing / 100);
        lowest = nominal - (int) Math.round(nominal * (double) spec.lendable() / 100);
        // A percentage may be any number.
        highest = (int) Math.min(nominal + borrow, MOST);
    }

    /** Learns what was demanded since the last time. */
    void learn() {
        Occupancy measured = level.measure();
        watermark = measured.highest();
        if (measured.nanos() <= 0) {
            return;
        }
        average = measured.average();
        deviation = measured.deviation();
        double envelope = average + deviation;
        smoothed = Math.max(envelope, INERTIA * smoothed + (1 - INERTIA) * envelope);
    }

    void current(int seats) {
        current = seats;
        level.limit(seats);
    }

    void target(double seats) {
        target = seats;
    }

    int nominal() {
        return nominal;
    }

    int lowest() {
        return lowest;
    }

    int highest() {
        return highest;
    }

    int current() {
        return current;
    }

    int watermark() {
        return watermark;
    }

    double average() {
        return average;
    }

    double deviation() {
        return deviation;
    }

    double smoothed() {
        return smoothed;
    }

    double target() {
        return target;
    }
}
