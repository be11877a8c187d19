package dev.kite.apiserver.bootstrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.conversion.Conversions;
import dev.kite.apiserver.discovery.Catalog;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Incoming;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.storage.KindForms;
import dev.kite.apiserver.storage.Normalizer;
import dev.kite.apiserver.webhook.Forms;
import java.util.ArrayList;
import java.util.List;

/** Forms by the catalog's resources: those that are stored in the same folder are the same. */
final class ServedForms implements Forms {
    private final ResourceCatalog catalog;
    private final Incoming incoming;
    private final Conversions conversions;
    private final KindForms forms = new KindForms();

    ServedForms(ResourceCatalog catalog, Incoming incoming, Conversions conversions) {
        this.catalog = catalog;
        this.incoming = incoming;
        this.conversions = conversions;
    }

    @Override
    public List<ApiResource> equivalents(ApiResource resource) {
        List<ApiResource> found = new ArrayList<>();
        for (Catalog.Group group : catalog.groups()) {
            for (Catalog.Version version : group.versions()) {
                ApiResource other = catalog.find(group.name(), version.name(), resource.plural());
                if (other != null
                        && !other.apiVersion().equals(resource.apiVersion())
                        && other.stored().folder().equals(resource.stored().folder())) {
                    found.add(other);
                }
            }
        }
        return found;
    }

    @Override
    public ObjectNode serve(ApiResource resource, ObjectNode stored) {
        return resource.custom() == null ? incoming.served(resource, stored) : conversions.in(resource, stored);
    }

    @Override
    public ObjectNode store(ApiResource resource, ObjectNode served) {
        return incoming.stored(resource, incoming.decode(Intent.SERVER, resource, served));
    }

    @Override
    public List<String> unknown(ApiResource resource, ObjectNode served) {
        try {
            return forms.normalize(resource, served.deepCopy()).unknown();
        } catch (Normalizer.MistypedException e) {
            throw Errors.badRequest(String.valueOf(e.getMessage()));
        }
    }
}
