"""Problems and plans in the formats that code hosts read."""
