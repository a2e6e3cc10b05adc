package io.contextdb.backend.redis;

import static io.contextdb.backend.redis.Names.bytes;

import io.contextdb.json.PropertyJson;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import java.util.ArrayList;
import java.util.List;

/** A batch as the arguments of {@code apply.lua}. */
final class BatchArguments {
    private static final byte[] NONE = {};
    static final long REMEMBERED_MILLIS = 7L * 86_400_000;

    private final List<byte[]> arguments = new ArrayList<>();

    private BatchArguments() {}

    /** What is to be done with a batch. */
    enum Purpose {
        APPLY("A"),
        HOLD("H"),
        FINISH("F");

        private final String letter;

        Purpose(String letter) {
            this.letter = letter;
        }
    }

    static byte[][] of(WriteBatch batch, Purpose purpose, boolean remembers, boolean registered, boolean clustered) {
        BatchArguments all = new BatchArguments();
        all.add(remembers ? OperationIds.write(batch.operationId()) : NONE);
        all.add(remembers ? batch.digest().toArray() : NONE);
        all.add(bytes(REMEMBERED_MILLIS));
        all.add(flag(registered));
        all.add(flag(clustered));
        all.add(bytes(purpose.letter));
        batch.mutations().forEach(all::add);
        return all.arguments.toArray(byte[][]::new);
    }

    private void add(Mutation mutation) {
        switch (mutation) {
            case KeyMutation key -> add(key);
            case EventMutation event -> add(event);
            case GraphMutation.Erase erase -> {
                add(bytes("E"));
                add(bytes(erase.ids().size()));
                erase.ids().forEach(id -> add(bytes(id.toString())));
            }
            default ->
                throw new UnsupportedCapabilityException(mutation.requires().name(), Link.PRODUCT);
        }
    }

    private void add(KeyMutation mutation) {
        switch (mutation) {
            case KeyMutation.PutKey put -> {
                add(bytes("P"), bytes(put.key()), put.value().toArray());
                add(put.ttl().map(ttl -> bytes(ttl.toMillis())).orElse(NONE));
                add(bytes(put.subject()));
                add(put.condition());
            }
            case KeyMutation.DeleteKey delete -> {
                add(bytes("D"), bytes(delete.key()));
                add(delete.condition());
            }
            case KeyMutation.Increment increment -> add(bytes("I"), bytes(increment.key()), bytes(increment.delta()));
            case KeyMutation.Expire expire ->
                add(bytes("X"), bytes(expire.key()), bytes(expire.ttl().toMillis()));
            case KeyMutation.Acquire acquire ->
                add(
                        bytes("L"),
                        bytes(acquire.key()),
                        bytes(acquire.permits()),
                        bytes(acquire.limit()),
                        bytes(acquire.window().toNanos() / 1_000));
        }
    }

    private void add(Condition condition) {
        add(bytes(
                switch (condition.kind()) {
                    case ALWAYS -> "A";
                    case ABSENT -> "N";
                    case VERSION -> "V";
                }));
        add(bytes(condition.version()), flag(condition.otherwise() == Condition.Otherwise.SKIP));
    }

    private void add(EventMutation mutation) {
        switch (mutation) {
            case EventMutation.Append append -> add(append.event());
            case EventMutation.CreateGroup create -> {
                ConsumerGroup group = create.group();
                add(bytes("G"), bytes(group.name()), bytes(Events.padded(group.from())));
                add(bytes(group.visibility().toMillis()), bytes(group.maxAttempts()));
            }
            case EventMutation.DropGroup drop -> add(bytes("R"), bytes(drop.group()));
            case EventMutation.Claim claim -> add(bytes("C"), bytes(claim.group()), bytes(claim.limit()));
            case EventMutation.Acknowledge acknowledge -> {
                add(bytes("K"), bytes(acknowledge.group()));
                add(acknowledge.positions());
            }
            case EventMutation.Release release -> {
                add(bytes("U"), bytes(release.group()));
                add(release.positions());
            }
            case EventMutation.Trim trim -> {
                add(
                        bytes("T"),
                        trim.before()
                                .map(before -> bytes(Events.micros(before)))
                                .orElse(NONE));
                add(bytes(trim.keep()), flag(trim.isForced()));
            }
        }
    }

    private void add(EventDraft event) {
        add(bytes("A"), bytes(event.type()), bytes(event.subject()));
        add(event.time().map(time -> bytes(Events.micros(time))).orElse(NONE));
        switch (event.payload()) {
            case Payload.Json json -> add(bytes(Events.JSON), bytes(PropertyJson.write(json.body())));
            case Payload.Binary binary ->
                add(bytes(Events.BINARY), binary.bytes().toArray());
            case Payload.Erased erased -> throw new IllegalArgumentException("drafts have a payload");
        }
    }

    private void add(List<EventPosition> positions) {
        add(bytes(positions.size()));
        positions.forEach(position -> add(bytes(Events.padded(position))));
    }

    private void add(byte[]... parts) {
        arguments.addAll(List.of(parts));
    }

    private static byte[] flag(boolean value) {
        return bytes(value ? 1 : 0);
    }
}
