package io.contextdb.spi.write;

import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import java.util.List;

/**
 * The digest of a batch's namespace and mutations, by which stores tell a repeated batch from another one under the same
 * operation id (contract G6). Each mutation is fed as its name, then its parts in the order of their declaration.
 */
final class BatchDigest {
    private final CanonicalForm form = new CanonicalForm();

    private BatchDigest() {}

    static Bytes of(WriteBatch batch) {
        BatchDigest digest = new BatchDigest();
        digest.form.text("contextdb batch 1").text(batch.namespace().value());
        digest.form.list(batch.mutations(), digest::add);
        return digest.form.digest();
    }

    private void add(Mutation mutation) {
        form.text(mutation.getClass().getSimpleName());
        switch (mutation) {
            case GraphMutation graph -> add(graph);
            case VectorMutation vector -> add(vector);
            case KeyMutation key -> add(key);
            case EventMutation event -> add(event);
            case DocumentMutation document -> add(document);
        }
    }

    private void add(GraphMutation mutation) {
        switch (mutation) {
            case GraphMutation.PutNode put -> {
                node(put.draft());
                condition(put.condition());
                form.text(put.fingerprints().name());
            }
            case GraphMutation.RetractNode retract -> {
                form.uuid(retract.id()).text(retract.reason());
                condition(retract.condition());
            }
            case GraphMutation.PutEdge put -> {
                edge(put.draft());
                condition(put.condition());
            }
            case GraphMutation.RetractEdge retract -> {
                form.uuid(retract.id()).text(retract.reason());
                condition(retract.condition());
            }
            case GraphMutation.PutSource put ->
                form.text(put.externalId()).list(put.labels(), form::text).properties(put.properties());
            case GraphMutation.AddEvidence add ->
                form.text(add.externalId()).number(add.alpha()).number(add.beta());
            case GraphMutation.Erase erase -> form.list(erase.ids(), form::uuid);
        }
    }

    private void node(NodeDraft draft) {
        NodeContent content = draft.content();
        form.uuid(draft.id())
                .list(content.labels(), form::text)
                .properties(content.properties())
                .text(content.source())
                .number(content.confidence())
                .text(content.fingerprint())
                .optional(draft.validFrom(), form::instant)
                .instant(draft.validTo());
    }

    private void edge(EdgeDraft draft) {
        EdgeContent content = draft.content();
        form.uuid(draft.id())
                .uuid(content.from())
                .uuid(content.to())
                .text(content.type())
                .number(content.weight())
                .properties(content.properties())
                .optional(draft.validFrom(), form::instant)
                .instant(draft.validTo());
    }

    private void add(VectorMutation mutation) {
        switch (mutation) {
            case VectorMutation.CreateSpace create -> {
                VectorSpace space = create.space();
                form.text(space.name())
                        .number(space.dimensions())
                        .text(space.metric().name())
                        .text(space.model());
            }
            case VectorMutation.DropSpace drop -> form.text(drop.space());
            case VectorMutation.PutPoint put -> {
                form.text(put.space());
                point(put.point());
            }
            case VectorMutation.DeletePoint delete -> form.text(delete.space()).uuid(delete.id());
            case VectorMutation.DeletePoints delete ->
                form.text(delete.space()).filter(delete.filter()).number(delete.limit());
        }
    }

    private void point(VectorPoint point) {
        form.uuid(point.id())
                .optional(point.vector().map(Vector::toArray), form::floats)
                .text(point.text())
                .list(point.labels(), form::text)
                .properties(point.properties())
                .text(point.source())
                .text(point.subject())
                .instant(point.validity().from())
                .instant(point.validity().to());
    }

    private void add(KeyMutation mutation) {
        form.text(mutation.key());
        switch (mutation) {
            case KeyMutation.PutKey put -> {
                form.bytes(put.value().toArray())
                        .optional(put.ttl(), ttl -> form.number(ttl.toMillis()))
                        .text(put.subject());
                condition(put.condition());
            }
            case KeyMutation.DeleteKey delete -> condition(delete.condition());
            case KeyMutation.Increment increment -> form.number(increment.delta());
            case KeyMutation.Expire expire -> form.number(expire.ttl().toMillis());
            case KeyMutation.Acquire acquire ->
                form.number(acquire.permits())
                        .number(acquire.limit())
                        .number(acquire.window().toNanos());
        }
    }

    private void add(EventMutation mutation) {
        switch (mutation) {
            case EventMutation.Append append -> event(append.event());
            case EventMutation.CreateGroup create -> {
                form.text(create.group().name());
                position(create.group().from());
                form.number(create.group().visibility().toNanos())
                        .number(create.group().maxAttempts());
            }
            case EventMutation.DropGroup drop -> form.text(drop.group());
            case EventMutation.Claim claim -> form.text(claim.group()).number(claim.limit());
            case EventMutation.Acknowledge acknowledge -> {
                form.text(acknowledge.group());
                positions(acknowledge.positions());
            }
            case EventMutation.Release release -> {
                form.text(release.group());
                positions(release.positions());
            }
            case EventMutation.Trim trim ->
                form.optional(trim.before(), form::instant).number(trim.keep()).number(trim.isForced() ? 1 : 0);
        }
    }

    private void event(EventDraft event) {
        form.text(event.type()).text(event.subject()).optional(event.time(), form::instant);
        switch (event.payload()) {
            case Payload.Json json -> form.text("json").properties(json.body());
            case Payload.Binary binary ->
                form.text("binary").bytes(binary.bytes().toArray());
            case Payload.Erased erased -> form.text("erased");
        }
    }

    private void add(DocumentMutation mutation) {
        form.text(mutation.collection());
        switch (mutation) {
            case DocumentMutation.PutDocument put -> {
                form.text(put.id()).properties(put.body()).text(put.subject());
                condition(put.condition());
            }
            case DocumentMutation.PatchDocument patch -> {
                form.text(patch.id()).properties(patch.patch());
                condition(patch.condition());
            }
            case DocumentMutation.DeleteDocument delete -> {
                form.text(delete.id());
                condition(delete.condition());
            }
            case DocumentMutation.DeclareIndex declare -> form.list(declare.path(), form::text);
        }
    }

    private void condition(Condition condition) {
        form.text(condition.kind().name())
                .number(condition.version())
                .text(condition.otherwise().name());
    }

    private void positions(List<EventPosition> positions) {
        form.list(positions, this::position);
    }

    private void position(EventPosition position) {
        form.number(position.commit()).number(position.sequence());
    }
}
