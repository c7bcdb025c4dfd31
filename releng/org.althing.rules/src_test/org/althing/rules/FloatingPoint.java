package org.althing.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.util.Printer;

/** Finds every use of {@code float} and {@code double} in a class: fields, signatures, constants, instructions, calls. */
final class FloatingPoint {

    private static final Pattern BOXED = Pattern.compile("Ljava/lang/(Float|Double);");

    private FloatingPoint() {}

    /** @return one line for each use, with class, member and line number; empty when there is none */
    static List<String> uses(byte[] classFile) {
        List<String> uses = new ArrayList<>();
        ClassReader reader = new ClassReader(classFile);
        String owner = reader.getClassName().replace('/', '.');
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public FieldVisitor visitField(
                            int access, String name, String type, String signature, Object value) {
                        if (isFloating(type)) {
                            uses.add(owner + "." + name + " has the type " + type);
                        }
                        return null;
                    }

                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String type, String signature, String[] exceptions) {
                        if (isFloating(type)) {
                            uses.add(owner + "." + name + " has the signature " + type);
                        }
                        return new Instructions(owner + "." + name, uses);
                    }
                },
                ClassReader.SKIP_FRAMES);
        return uses;
    }

    private static boolean isFloating(String descriptor) {
        String primitives = descriptor.replaceAll("L[^;]*;", "");
        return primitives.indexOf('D') >= 0
                || primitives.indexOf('F') >= 0
                || BOXED.matcher(descriptor).find();
    }

    private static final class Instructions extends MethodVisitor {

        private final String method;
        private final List<String> uses;
        private int line;

        Instructions(String method, List<String> uses) {
            super(Opcodes.ASM9);
            this.method = method;
            this.uses = uses;
        }

        private void used(String what) {
            uses.add(method + " line " + line + ": " + what);
        }

        private void opcode(int opcode) {
            String name = Printer.OPCODES[opcode];
            // DUP and FRAME-like names begin with D and F too, so the arithmetic is named exactly.
            if (name.matches(
                            "[DF](ADD|SUB|MUL|DIV|REM|NEG|CONST_.|LOAD|STORE|ALOAD|ASTORE|CMPL|CMPG|RETURN|2.)|[IL]2[DF]|[DF]2[DF]")
                    && opcode != Opcodes.DUP2) {
                used(name);
            }
        }

        @Override
        public void visitLineNumber(int number, Label start) {
            line = number;
        }

        @Override
        public void visitInsn(int opcode) {
            opcode(opcode);
        }

        @Override
        public void visitVarInsn(int opcode, int index) {
            opcode(opcode);
        }

        @Override
        public void visitIntInsn(int opcode, int operand) {
            if (opcode == Opcodes.NEWARRAY && (operand == Opcodes.T_FLOAT || operand == Opcodes.T_DOUBLE)) {
                used("an array of floating point numbers");
            }
        }

        @Override
        public void visitLdcInsn(Object constant) {
            if (constant instanceof Float || constant instanceof Double) {
                used("the constant " + constant);
            }
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String type) {
            if (isFloating(type)) {
                used("the field " + owner + "." + name);
            }
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String type, boolean isInterface) {
            if (isFloating(type) || owner.equals("java/lang/Double") || owner.equals("java/lang/Float")) {
                used("the call " + owner + "." + name + type);
            }
        }
    }
}
