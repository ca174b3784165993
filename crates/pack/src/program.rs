//! Condition programs: the compact typed form that CEL is lowered to.

use crate::kinds::kind;

kind! {
    /// Comparison of a trait with a constant.
    CompareOp {
        /// `==`
        Equal = 1,
        /// `!=`
        NotEqual = 2,
        /// `<`
        Less = 3,
        /// `<=`
        LessOrEqual = 4,
        /// `>`
        Greater = 5,
        /// `>=`
        GreaterOrEqual = 6,
    }
}

kind! {
    /// Type of a predicate's constant.
    ConstantKind {
        /// 0 or 1.
        Bool = 1,
        /// Two's complement.
        Int = 2,
        /// IEEE 754 binary64.
        Double = 3,
        /// Index into the strings.
        Str = 4,
    }
}
