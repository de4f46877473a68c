from .ink import limits as limits
