package dev.kite.apiserver.registry;

/**
 * Whose a Service's address is, written down as an IPAddress before the Service itself is stored: two servers on one datastore, or a Gateway that made its own
 * IPAddress, can't give one address twice. Thread-safe.
 */
public interface AddressRecords {
    /**
     * Records that an address is a Service's.
     *
     * @param address the address in its canonical form
     * @param namespace the Service's namespace
     * @param service its name
     * @return false where the address is somebody's already
     * @throws dev.kite.apiserver.request.StatusException where the record is refused
     */
    boolean create(String address, String namespace, String service);

    /**
     * Takes a record away, if it is there and the Service's; what goes wrong is left to the repair.
     *
     * @param address the address in its canonical form
     * @param namespace the Service's namespace
     * @param service its name
     */
    void delete(String address, String namespace, String service);
}
