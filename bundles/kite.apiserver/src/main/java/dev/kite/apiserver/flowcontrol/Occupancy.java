package dev.kite.apiserver.flowcontrol;

/**
 * What a priority level is doing, and what of it was demanded since the demand was last measured. Immutable: one replaces another at once, so that seats are
 * taken without a lock and the measure is exact.
 *
 * @param executing requests that run
 * @param seats seats that are taken, by those and by what finished requests leave behind
 * @param waiting requests in queues
 * @param waitingSeats the seats that those want
 * @param at when this began, as of System.nanoTime
 * @param nanos how long is measured
 * @param integral seats demanded, times nanoseconds
 * @param squares squares of seats demanded, times nanoseconds
 * @param highest the most seats demanded
 */
record Occupancy(
        int executing,
        int seats,
        int waiting,
        int waitingSeats,
        long at,
        double nanos,
        double integral,
        double squares,
        int highest) {
    static Occupancy none(long now) {
        return new Occupancy(0, 0, 0, 0, now, 0, 0, 0, 0);
    }

    /** Seats in use and wanted. */
    int demand() {
        return seats + waitingSeats;
    }

    boolean idle() {
        return executing == 0 && waiting == 0;
    }

    /** Whether so many seats can be had; a request that is wider than the limit runs alone. */
    boolean accommodates(int wanted, int limit) {
        return wanted > limit ? executing == 0 : seats + wanted <= limit;
    }

    /** What it is from now on. */
    Occupancy then(int executingNow, int seatsNow, int waitingNow, int waitingSeatsNow, long now) {
        double lasted = Math.max(0, now - at);
        double demanded = demand();
        return new Occupancy(
                executingNow,
                seatsNow,
                waitingNow,
                waitingSeatsNow,
                now,
                nanos + lasted,
                integral + lasted * demanded,
                squares + lasted * demanded * demanded,
                Math.max(highest, seatsNow + waitingSeatsNow));
    }

    /** The same, measured up to now. */
    Occupancy until(long now) {
        return then(executing, seats, waiting, waitingSeats, now);
    }

    /** The same, measured from now on. */
    Occupancy anew(long now) {
        return new Occupancy(executing, seats, waiting, waitingSeats, now, 0, 0, 0, demand());
    }

    double average() {
        return nanos <= 0 ? 0 : integral / nanos;
    }

    double deviation() {
        double average = average();
        return nanos <= 0 ? 0 : Math.sqrt(Math.max(0, squares / nanos - average * average));
    }
}
