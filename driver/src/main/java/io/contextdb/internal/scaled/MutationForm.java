package io.contextdb.internal.scaled;

import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Mutations of models that may have a home of their own, and erasures, as bytes: a number for the kind, then the parts. */
final class MutationForm {
    private static final int PUT = 1;
    private static final int DELETE = 2;
    private static final int INCREMENT = 3;
    private static final int EXPIRE = 4;
    private static final int ACQUIRE = 5;
    private static final int APPEND = 11;
    private static final int CREATE_GROUP = 12;
    private static final int DROP_GROUP = 13;
    private static final int CLAIM = 14;
    private static final int ACKNOWLEDGE = 15;
    private static final int RELEASE = 16;
    private static final int TRIM = 17;
    private static final int ERASE = 21;

    private MutationForm() {}

    static void write(Mutation mutation, DataOutputStream out) throws IOException {
        switch (mutation) {
            case KeyMutation key -> write(key, out);
            case EventMutation event -> write(event, out);
            case GraphMutation.Erase erase -> {
                out.writeByte(ERASE);
                out.writeInt(erase.ids().size());
                for (UUID id : erase.ids()) {
                    out.writeLong(id.getMostSignificantBits());
                    out.writeLong(id.getLeastSignificantBits());
                }
            }
            default -> throw new IllegalArgumentException(mutation.getClass().getSimpleName() + " has no home");
        }
    }

    private static void write(KeyMutation mutation, DataOutputStream out) throws IOException {
        switch (mutation) {
            case KeyMutation.PutKey put -> {
                begin(PUT, put.key(), out);
                ValueForm.bytes(put.value().toArray(), out);
                out.writeLong(put.ttl().map(Duration::toMillis).orElse(0L));
                ValueForm.text(put.subject(), out);
                condition(put.condition(), out);
            }
            case KeyMutation.DeleteKey delete -> {
                begin(DELETE, delete.key(), out);
                condition(delete.condition(), out);
            }
            case KeyMutation.Increment increment -> {
                begin(INCREMENT, increment.key(), out);
                out.writeLong(increment.delta());
            }
            case KeyMutation.Expire expire -> {
                begin(EXPIRE, expire.key(), out);
                out.writeLong(expire.ttl().toMillis());
            }
            case KeyMutation.Acquire acquire -> {
                begin(ACQUIRE, acquire.key(), out);
                out.writeInt(acquire.permits());
                out.writeInt(acquire.limit());
                duration(acquire.window(), out);
            }
        }
    }

    private static void write(EventMutation mutation, DataOutputStream out) throws IOException {
        switch (mutation) {
            case EventMutation.Append append -> append(append.event(), out);
            case EventMutation.CreateGroup create -> {
                begin(CREATE_GROUP, create.group().name(), out);
                position(create.group().from(), out);
                duration(create.group().visibility(), out);
                out.writeInt(create.group().maxAttempts());
            }
            case EventMutation.DropGroup drop -> begin(DROP_GROUP, drop.group(), out);
            case EventMutation.Claim claim -> {
                begin(CLAIM, claim.group(), out);
                out.writeInt(claim.limit());
            }
            case EventMutation.Acknowledge acknowledge -> {
                begin(ACKNOWLEDGE, acknowledge.group(), out);
                positions(acknowledge.positions(), out);
            }
            case EventMutation.Release release -> {
                begin(RELEASE, release.group(), out);
                positions(release.positions(), out);
            }
            case EventMutation.Trim trim -> {
                out.writeByte(TRIM);
                out.writeBoolean(trim.before().isPresent());
                if (trim.before().isPresent()) {
                    ValueForm.instant(trim.before().get(), out);
                }
                out.writeLong(trim.keep());
                out.writeBoolean(trim.isForced());
            }
        }
    }

    private static void append(EventDraft event, DataOutputStream out) throws IOException {
        begin(APPEND, event.type(), out);
        ValueForm.text(event.subject(), out);
        out.writeBoolean(event.time().isPresent());
        if (event.time().isPresent()) {
            ValueForm.instant(event.time().get(), out);
        }
        switch (event.payload()) {
            case Payload.Json json -> {
                out.writeBoolean(true);
                ValueForm.properties(json.body(), out);
            }
            case Payload.Binary binary -> {
                out.writeBoolean(false);
                ValueForm.bytes(binary.bytes().toArray(), out);
            }
            case Payload.Erased erased -> throw new IllegalArgumentException("a draft is never erased");
        }
    }

    static Mutation read(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case PUT -> readPut(in);
            case DELETE -> new KeyMutation.DeleteKey(ValueForm.text(in), readCondition(in));
            case INCREMENT -> new KeyMutation.Increment(ValueForm.text(in), in.readLong());
            case EXPIRE -> new KeyMutation.Expire(ValueForm.text(in), Duration.ofMillis(in.readLong()));
            case ACQUIRE -> new KeyMutation.Acquire(ValueForm.text(in), in.readInt(), in.readInt(), readDuration(in));
            case APPEND -> new EventMutation.Append(readEvent(in));
            case CREATE_GROUP ->
                new EventMutation.CreateGroup(
                        new ConsumerGroup(ValueForm.text(in), readPosition(in), readDuration(in), in.readInt()));
            case DROP_GROUP -> new EventMutation.DropGroup(ValueForm.text(in));
            case CLAIM -> new EventMutation.Claim(ValueForm.text(in), in.readInt());
            case ACKNOWLEDGE -> new EventMutation.Acknowledge(ValueForm.text(in), readPositions(in));
            case RELEASE -> new EventMutation.Release(ValueForm.text(in), readPositions(in));
            case TRIM -> readTrim(in);
            case ERASE -> readErase(in);
            default -> throw new IOException("no mutation is of kind " + kind);
        };
    }

    private static Mutation readPut(DataInputStream in) throws IOException {
        KeyMutation.PutKey put = KeyMutation.PutKey.of(ValueForm.text(in), Bytes.of(ValueForm.bytes(in)));
        long ttl = in.readLong();
        put = ttl == 0 ? put : put.expiringAfter(Duration.ofMillis(ttl));
        return put.about(ValueForm.text(in)).onlyIf(readCondition(in));
    }

    private static EventDraft readEvent(DataInputStream in) throws IOException {
        String type = ValueForm.text(in);
        String subject = ValueForm.text(in);
        Instant time = in.readBoolean() ? ValueForm.instant(in) : null;
        Payload payload = in.readBoolean()
                ? Payload.json(ValueForm.properties(in))
                : Payload.bytes(Bytes.of(ValueForm.bytes(in)));
        EventDraft event = EventDraft.of(type, payload).about(subject);
        return time == null ? event : event.at(time);
    }

    private static Mutation readTrim(DataInputStream in) throws IOException {
        Instant before = in.readBoolean() ? ValueForm.instant(in) : null;
        long keep = in.readLong();
        EventMutation.Trim trim =
                before == null ? EventMutation.Trim.keepNewest(keep) : EventMutation.Trim.before(before);
        return in.readBoolean() ? trim.forced() : trim;
    }

    private static Mutation readErase(DataInputStream in) throws IOException {
        List<UUID> ids = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            ids.add(new UUID(in.readLong(), in.readLong()));
        }
        return new GraphMutation.Erase(ids);
    }

    private static void begin(int kind, String name, DataOutputStream out) throws IOException {
        out.writeByte(kind);
        ValueForm.text(name, out);
    }

    private static void condition(Condition condition, DataOutputStream out) throws IOException {
        out.writeUTF(condition.kind().name());
        out.writeLong(condition.version());
        out.writeUTF(condition.otherwise().name());
    }

    private static Condition readCondition(DataInputStream in) throws IOException {
        return new Condition(
                Condition.Kind.valueOf(in.readUTF()), in.readLong(), Condition.Otherwise.valueOf(in.readUTF()));
    }

    private static void duration(Duration duration, DataOutputStream out) throws IOException {
        out.writeLong(duration.getSeconds());
        out.writeInt(duration.getNano());
    }

    private static Duration readDuration(DataInputStream in) throws IOException {
        return Duration.ofSeconds(in.readLong(), in.readInt());
    }

    private static void positions(List<EventPosition> positions, DataOutputStream out) throws IOException {
        out.writeInt(positions.size());
        for (EventPosition position : positions) {
            position(position, out);
        }
    }

    private static List<EventPosition> readPositions(DataInputStream in) throws IOException {
        List<EventPosition> positions = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            positions.add(readPosition(in));
        }
        return positions;
    }

    private static void position(EventPosition position, DataOutputStream out) throws IOException {
        out.writeLong(position.commit());
        out.writeLong(position.sequence());
    }

    private static EventPosition readPosition(DataInputStream in) throws IOException {
        return new EventPosition(in.readLong(), in.readLong());
    }
}
